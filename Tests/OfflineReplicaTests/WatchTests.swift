import ChangeLog
import OfflineReplica
import SyncProtocol
import Synchronization
import Testing

/// Cannot be reached, and counts who tries.
private final class AbsentServer: FrameTransport {
    private let asked = Mutex(0)
    var tries: Int { asked.withLock { $0 } }

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        asked.withLock { $0 += 1 }
        throw ConnectionError(.unreachable, "The server is down")
    }
}

@Suite(.timeLimit(.minutes(1))) struct WatchTests {
    /// Regression 6. Nobody edits anything meanwhile.
    @Test func whatCouldNotBeSentIsTriedAgainWithoutAnotherEdit() async throws {
        let (bench, server) = (try Bench(), AbsentServer())
        try bench.replica("anna").close()
        var environment = bench.environment
        environment.sleep = { _ in if server.tries >= 4 { throw CancellationError() } }
        let anna = try Replica.open(
            at: bench.path("anna"), rules: TestDomain.rules, environment: environment)
        let notes = try TestDomain.audience("notes")
        try await anna.record([Draft(notes, operations: TestDomain.create(1, title: "A"))])
        await anna.watch(over: server) { _, wait in #expect(wait != nil) }
        #expect(server.tries == 4)
        #expect(try await anna.read { try $0.counts().queued } == 1)
    }

    /// Regression 14.
    @Test func whoFindsAnotherProcessSynchronisingAsksNobody() async throws {
        let (bench, server) = (try Bench(), AbsentServer())
        let (first, second) = (try bench.replica("anna"), try bench.open("anna"))
        let lock = try #require(try first.lockForSync())
        let report = await second.exchange(over: server)
        #expect((report.error as? ConnectionError)?.code == .busy && server.tries == 0)
        lock.release()
        _ = await second.exchange(over: server)
        #expect(server.tries == 1)
    }
}
