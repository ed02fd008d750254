import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol
import Testing
import TransparencyLog

/// Has no room for more that waits in some audiences.
private struct FullServer: FrameTransport {
    /// Asked by one exchange at a time.
    nonisolated(unsafe) let bench: Bench
    let full: Set<AudienceID>

    static let refusal = Reason(code: "queue.full", message: "No room.", remedy: "Wait.")

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        let (epoch, head) = (bench.server.epoch, bench.server.head)
        guard try await receive(.welcome(Welcome(epoch: epoch, head: head, milliseconds: 0))) else { return }
        guard path == "/push" else {
            let tree = TreeHead(epoch: epoch, size: 1, root: .zero, milliseconds: 0)
            let signed = SignedTreeHead(head: tree, signature: try bench.server.key.sign(tree.message))
            _ = try await receive(.tree(TreeComparison(signed: signed, path: [])))
            for case .want(let want) in frames {
                let ends = Dictionary(uniqueKeysWithValues: want.held.map { ($0.audience, $0.end) })
                let delivery = bench.server.delivery(of: ends, after: want.cursor, through: head)
                guard try await receive(.deliver(delivery)) else { return }
            }
            _ = try await receive(.current(head))
            return
        }
        for frame in frames {
            var verdicts: [VerdictEntry] = []
            if case .push(let batch) = frame {
                guard !batch.entries.contains(where: { full.contains($0.envelope.audience) }) else {
                    _ = try await receive(.refusal(Self.refusal))
                    return
                }
                verdicts = try bench.server.push(batch)
            } else if case .ask(let changes) = frame {
                verdicts = bench.server.verdicts(of: changes)
            }
            guard !verdicts.isEmpty else { continue }
            guard try await receive(.verdicts(verdicts)) else { return }
        }
    }
}

/// A server that lets nothing more wait.
struct FullQueueTests {
    private static func accepted(_ report: ExchangeReport) -> [UInt64] {
        report.verdicts.filter { if case .accepted = $0.verdict { true } else { false } }
            .map(\.change.number).sorted()
    }

    /// P-061, regression 5: what waits in one audience keeps nothing in another, wherever it stands in the queue.
    @Test func whatMayNotWaitKeepsNothingElse() async throws {
        let bench = try Bench()
        let anna = try bench.replica("anna")
        let (notes, other) = (try TestDomain.audience("notes"), try TestDomain.audience("other"))
        try await bench.sync(anna, [notes, other])
        func record(_ drafts: [(AudienceID, UInt64)]) async throws {
            try await anna.record(
                drafts.map { Draft($0, operations: TestDomain.create($1, title: "A")) })
        }
        try await record([(notes, 1)])
        try await bench.push(anna) { _ in .hold }
        // Before, between and behind what may not go; and one action in both, with what follows it.
        try await record([(other, 2)])
        try await record([(notes, 3)])
        try await record([(other, 4)])
        try await record([(other, 5), (notes, 6)])
        try await record([(other, 7)])
        let report = await anna.exchange(over: FullServer(bench: bench, full: [notes]))
        #expect(
            (report.error as? ConnectionError)?.reason == FullServer.refusal,
            "\(String(describing: report.error))")
        #expect(Self.accepted(report) == [2, 4])
        let counts = try await anna.read { try $0.counts() }
        #expect(counts.queued == 4 && counts.held == 1, "3, and the action of 5 and 6 with what follows it")
        try await bench.push(anna)
        #expect(try await anna.read { try $0.counts() }.queued == 0)
    }

    /// The same where nothing is held here that would tell which audience it is.
    @Test func whatWouldHaveToWaitIsFoundOut() async throws {
        let bench = try Bench()
        let anna = try bench.replica("anna")
        let (notes, other) = (try TestDomain.audience("notes"), try TestDomain.audience("other"))
        try await bench.sync(anna, [notes, other])
        func record(_ audience: AudienceID, _ numbers: ClosedRange<UInt64>) async throws {
            for number in numbers {
                try await anna.record([
                    Draft(audience, operations: TestDomain.create(number, title: "A"))
                ])
            }
        }
        try await record(other, 1...1)
        try await bench.push(anna) { _ in .hold }
        bench.server.release(anna.identity.replica)
        try await record(notes, 2...9)
        try await record(other, 10...12)
        try await record(notes, 13...13)
        let report = await anna.exchange(over: FullServer(bench: bench, full: [notes]))
        #expect(
            (report.error as? ConnectionError)?.reason == FullServer.refusal,
            "\(String(describing: report.error))")
        #expect(Self.accepted(report) == [10, 11, 12])
        #expect(try await anna.read { try $0.counts() }.queued == 9)
    }
}
