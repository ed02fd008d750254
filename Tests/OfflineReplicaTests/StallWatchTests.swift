import ChangeLog
import SyncProtocol
import Synchronization
import Testing

@testable import OfflineReplica

@Suite struct StallWatchTests {
    /// Looks every two seconds, as the program does; hears the server every fifteen.
    private func stalls(
        until end: Int64, hears: Bool = true, oldest: (Int64) -> UInt64?
    ) -> [Int64] {
        var watch = StallWatch()
        var told: [Int64] = []
        for now in stride(from: Int64(0), through: end, by: 2_000) {
            if hears, now % 14_000 == 0 { watch.hear(at: now) }
            if watch.look(oldest: oldest(now), at: now) != nil { told.append(now) }
        }
        return told
    }

    @Test func `a queue that stands still is told once, after ten seconds`() {
        #expect(stalls(until: 60_000) { _ in 7 } == [10_000])
        #expect(stalls(until: 60_000) { $0 < 20_000 ? nil : 7 } == [30_000])
    }

    @Test func `one that moves is not, however long it is`() {
        #expect(stalls(until: 600_000) { UInt64($0 / 9_000) } == [])
        // It stands still twice.
        #expect(stalls(until: 60_000) { $0 < 30_000 ? 7 : 8 } == [10_000, 40_000])
    }

    @Test func `a server that is not there is no fault of a program`() {
        #expect(stalls(until: 60_000, hears: false) { _ in 7 } == [])
    }

    @Test func `a machine that slept begins anew`() {
        var watch = StallWatch()
        #expect(watch.look(oldest: 7, at: 0) == nil)
        watch.hear(at: 3_600_000)
        #expect(watch.look(oldest: 7, at: 3_600_000) == nil)
        #expect(watch.look(oldest: 7, at: 3_602_000) == nil)
    }

    /// The server is there and never answers to the push.
    /// Regression 18.
    @Test func `a person is told what stands still, and why`() async throws {
        let bench = try Bench()
        let clock = bench.clock
        let watch = QueueWatch()
        var environment = bench.environment
        environment.sleep = { duration in
            clock.milliseconds += duration.components.seconds * 1000
            watch.hear(at: clock.milliseconds)
            // Ends the watch, as a person would.
            if clock.milliseconds > 1_060_000 { throw CancellationError() }
        }
        try bench.replica("anna").close()
        let anna = try Replica.open(at: bench.path("anna"), rules: TestDomain.rules, environment: environment)
        let notes = try TestDomain.audience("notes")
        try await anna.record([Draft(notes, operations: TestDomain.create(1, title: "waits"))])
        watch.begin(.pushing)
        let told = Mutex<[ConnectionError]>([])
        await #expect(throws: CancellationError.self) {
            try await anna.guardQueue(watch) { report, _ in
                if let error = report.error as? ConnectionError { told.withLock { $0.append(error) } }
            }
        }
        let errors = told.withLock { $0 }
        #expect(errors.map(\.code) == [.stalled])
        #expect(errors.first?.message.contains("has not answered") == true, "\(errors)")
        try anna.close()
    }
}
