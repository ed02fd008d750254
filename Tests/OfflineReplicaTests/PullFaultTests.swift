import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol
import Synchronization
import Testing
import TransparencyLog

/// Says what it was given and ends its stream properly; remembers what was wanted.
private final class ScriptedServer: FrameTransport {
    private let script: [Frame]
    private let asked = Mutex<[Want]>([])
    var wants: [Want] { asked.withLock { $0 } }

    init(_ bench: Bench, _ frames: [Frame]) throws {
        let (epoch, head) = (bench.server.epoch, bench.server.head)
        let tree = TreeHead(epoch: epoch, size: 1, root: .zero, milliseconds: 0)
        let signed = SignedTreeHead(head: tree, signature: try bench.server.key.sign(tree.message))
        script =
            [
                .welcome(Welcome(epoch: epoch, head: head, milliseconds: 0)),
                .tree(TreeComparison(signed: signed, path: [])),
            ] + frames
    }

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        let wanted = frames.compactMap { if case .want(let want) = $0 { want } else { nil } }
        asked.withLock { $0 += wanted }
        for frame in script where try await !receive(frame) { return }
    }
}

struct PullFaultTests {
    private func scene() async throws -> (Bench, Replica, Replica, AudienceID) {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        for number in UInt64(1)...4 {
            try await anna.record([Draft(notes, operations: TestDomain.create(number, title: "A"))])
        }
        try await bench.sync(anna, [notes])
        return (bench, anna, bram, notes)
    }

    /// Regression 8. The server is stopped in the middle of a lane, and closes its stream properly.
    @Test func aFirstDownloadThatEndedEarlyIsNotComplete() async throws {
        let (bench, _, bram, notes) = try await scene()
        let head = bench.server.head
        func lane(_ audience: AudienceID, _ end: Position) -> Frame {
            .deliver(
                bench.server.delivery(
                    of: [audience: .origin], after: .origin, through: end, lane: audience))
        }
        let server = try ScriptedServer(
            bench,
            [
                .grant(Roster.audience, end: head), .grant(notes, end: head), lane(Roster.audience, head),
                lane(notes, Position(head.value - 2)),
            ])
        let report = await bram.exchange(over: server)
        #expect(!report.isComplete && (report.error as? ConnectionError)?.code == .interrupted)
        #expect(try await bram.read { try $0.exchange().lastSync } == nil)
        #expect(try await bram.read { try $0.summaries(of: TestDomain.note).isEmpty })
        try await bench.pull(bram, [notes])
        #expect(try await bram.read { try $0.summaries(of: TestDomain.note).count } == 4)
    }

    /// Regression 17.
    @Test func whatDoesNotCheckOutIsAskedForAgainAndNothingElse() async throws {
        let (bench, anna, bram, notes) = try await scene()
        try await bench.pull(bram, [notes])
        let before = try await bram.want(isLive: false)
        try await anna.record([Draft(notes, operations: TestDomain.create(5, title: "B"))])
        try await bench.push(anna)
        let stranger = try PrivateKey.generate()
        for isAltered in [true, false] {
            bench.server.tamper = { if isAltered { Tampering.contents.alter(&$0, stranger) } }
            let delivery = bench.server.delivery(
                of: [notes: .origin], after: before.cursor, through: bench.server.head)
            let server = try ScriptedServer(bench, [.deliver(delivery), .current(bench.server.head)])
            let report = await bram.exchange(over: server)
            #expect(report.isComplete != isAltered && report.received == (isAltered ? 0 : 1))
            #expect(server.wants == [before])
        }
        #expect(try await bram.read { try $0.summaries(of: TestDomain.note).count } == 5)
    }
}
