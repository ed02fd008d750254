import ChangeLog
import Foundation
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing
import VoordrachtClient

/// A device that has used up what the server gives it, and what it does then.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RetryTests {
    private func world(burst: Int64, rate: Int64) async throws -> World {
        var limits = HTTPLimits()
        limits.traffic.deviceChanges = .init(burst: burst, rate: rate)
        limits.traffic.requestChanges = 1
        return try await World.open(limits: limits)
    }

    private func record(_ count: Int, in replica: Replica) async throws {
        for _ in 0..<count {
            _ = try await replica.record([Note.draft(World.fresh(), "tekst", in: replica)])
        }
    }

    /// P-063: told in both languages with the moment, and until then nobody is asked again.
    @Test func aDeviceThatIsToldToWaitSaysSoAndAsksNobodyUntilThen() async throws {
        let world = try await world(burst: 30, rate: 1)
        let member = try await world.member("Anna", [.workgroup], of: nil)
        let replica = try Replica.open(
            at: world.folder.appending(path: "Anna").path, rules: World.rules)
        try await record(60, in: replica)
        let report = try await member.sync()
        #expect(!report.isComplete && report.error?.code == "limit.changes")
        // Nothing of what was sent is lost by it.
        #expect(report.accepted == 60 && report.pending == 0)
        let notBefore = try #require(report.notBefore)
        let now = replica.environment.nowMilliseconds()
        #expect((10_000...60_000).contains(notBefore - now), "\(notBefore - now)")
        #expect(try await member.status().notBefore == notBefore)
        world.requests.forget()
        let again = try await member.sync(in: .dutch)
        #expect(world.requests.asked == [])
        #expect(again.error?.code == "limit.changes")
        #expect(again.error?.message.hasPrefix("Dit apparaat, of de organisatie samen, stuurt meer") == true)
        #expect(abs((again.notBefore ?? 0) - notBefore) < 1_000)
        let status = try await member.status(in: .dutch)
        #expect(status.blockedBy?.remedy.hasPrefix("Wacht zo lang als de server zegt") == true)
        #expect(status.nextTry == nil && status.blockedSince != nil)
        try replica.close()
        try await world.close()
    }

    /// P-063: whoever stays connected waits as long as he was told, and goes on by himself.
    @Test func aDeviceThatStaysConnectedWaitsAndGoesOnByItself() async throws {
        let world = try await world(burst: 40, rate: 1)
        let person = try await world.person("Anna", [.workgroup])
        try (try await world.enrol(person, as: "laptop")).close()
        var environment = ReplicaEnvironment.system
        // Whatever it waits is over at once, for the server too.
        environment.sleep = { wait in
            try Task.checkCancellation()
            world.clock.putForward(milliseconds: wait.components.seconds * 1_000 + 1_000)
        }
        let replica = try Replica.open(
            at: world.folder.appending(path: "laptop").path, rules: World.rules, environment: environment)
        try await record(120, in: replica)
        let connection = try replica.connection()
        let (reports, continuation) = AsyncStream<(ExchangeReport, Int64?)>.makeStream()
        let watching = Task {
            await replica.watch(over: connection) { report, wait in continuation.yield((report, wait)) }
            continuation.finish()
        }
        var waits: [(asked: Int64, wait: Int64)] = []
        for await (report, wait) in reports {
            if let asked = report.retryAfterMilliseconds, let wait { waits.append((asked, wait)) }
            if report.isComplete { break }
        }
        watching.cancel()
        await watching.value
        #expect(
            !waits.isEmpty && waits.allSatisfy { $0.wait >= $0.asked && $0.wait < $0.asked + 1_000 },
            "\(waits)")
        #expect(try await replica.read { try $0.counts() }.queued == 0)
        try await world.close()
    }

    /// P-018: what is refused before an answer begins reaches the person with its remedy, too.
    @Test func anOldProgramIsToldToBeUpdated() async throws {
        let world = try await World.open()
        let replica = try await world.enrol(try await world.person("Anna", [.workgroup]), as: "laptop")
        var hello = try await replica.hello()
        hello.version = 99
        do {
            try await replica.connection().converse("/push", sending: [.hello(hello)]) { _ in true }
            Issue.record("the server talks to version 99")
        } catch let error as ConnectionError {
            #expect(error.reason?.code == "session.version", "\(error.message)")
            #expect(error.reason?.remedy == error.remedy && !error.remedy.isEmpty)
        }
        try replica.close()
        try await world.close()
    }
}
