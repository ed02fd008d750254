import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol
import Testing
import TransparencyLog

/// Has no room for more that waits in one audience.
private struct FullServer: FrameTransport {
    /// Asked by one exchange at a time.
    nonisolated(unsafe) let bench: Bench
    let full: AudienceID

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
            _ = try await receive(.current(head))
            return
        }
        for case .push(let batch) in frames {
            guard !batch.entries.contains(where: { $0.envelope.audience == full }) else {
                _ = try await receive(.refusal(Self.refusal))
                return
            }
            guard try await receive(.verdicts(bench.server.push(batch))) else { return }
        }
    }
}

/// A server that lets nothing more wait.
struct FullQueueTests {
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
        let report = await anna.exchange(over: FullServer(bench: bench, full: notes))
        #expect((report.error as? ConnectionError)?.reason == FullServer.refusal)
        #expect(report.verdicts.map(\.change.number) == [2, 4])
        let counts = try await anna.read { try $0.counts() }
        #expect(counts.queued == 4 && counts.held == 1, "3, and the action of 5 and 6 with what follows it")
        try await bench.push(anna)
        #expect(try await anna.read { try $0.counts() }.queued == 0)
    }
}
