import ChangeLog
import Cryptography
import Foundation
import OfflineReplica
import SyncProtocol
import Synchronization

/// A server and some replicas of it, in folders that go away with it.
final class Bench {
    var server: OrderingServer
    let folder: String
    private var authority: CertificateAuthority
    private var enrolled: UInt64 = 0
    let clock = TestClock()

    init() throws {
        server = try OrderingServer()
        folder = NSTemporaryDirectory() + "replica-\(UUID().uuidString)"
        authority = try CertificateAuthority.create(
            commonName: "Test", key: try PrivateKey.generate(), now: 1_700_000_000, validForDays: 10)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { folder + "/" + name }

    /// What stands in the files of a replica, byte for byte as letters.
    func files(of name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(name)).map { file in
            let data = FileManager.default.contents(atPath: path(name) + "/" + file) ?? Data()
            return String(data: data, encoding: .isoLatin1) ?? ""
        }
    }

    /// A new device of a new person.
    func replica(_ name: String) throws -> Replica {
        enrolled += 1
        let key = try PrivateKey.generate()
        let identity = try server.enrol(name, enrolled, key: key)
        return try Replica.create(
            at: path(name), identity: identity, key: key, certificate: authority.certificate,
            authority: authority.certificate, rules: TestDomain.rules, environment: environment)
    }

    func open(_ name: String) throws -> Replica {
        try Replica.open(at: path(name), rules: TestDomain.rules, environment: environment)
    }

    var environment: ReplicaEnvironment {
        let clock = clock
        return ReplicaEnvironment(
            nowMilliseconds: { clock.milliseconds }, randomBytes: { RandomBytes.make(count: $0) })
    }

    /// Pulls all that the server has in these audiences; grants those that are not held.
    func pull(_ replica: Replica, _ audiences: [AudienceID]) async throws {
        for audience in ([Roster.audience] + audiences) where try await held(replica)[audience] == nil {
            try await replica.grant(audience, end: server.head)
        }
        for (audience, held) in try await held(replica).sorted(by: { $0.key < $1.key }) {
            guard held.have < held.end else { continue }
            try await replica.apply(
                server.delivery(
                    of: [audience: .origin], after: held.have, through: held.end, lane: audience))
        }
        try await main(replica)
    }

    /// The main stream alone.
    func main(_ replica: Replica) async throws {
        let thresholds = try await held(replica).mapValues(\.end)
        try await replica.apply(
            server.delivery(
                of: thresholds, after: try await replica.view().cursor, through: server.head))
        try await replica.note(current: server.head)
    }

    @discardableResult
    func push(
        _ replica: Replica, decide: (BatchEntry) -> OrderingServer.Decision = { _ in .accept }
    ) async throws -> [VerdictEntry] {
        let outgoing = try await replica.outbox()
        var verdicts = server.verdicts(of: outgoing.questions)
        if let batch = outgoing.batch { verdicts += try server.push(batch, decide: decide) }
        try await replica.apply(verdicts)
        return verdicts
    }

    func sync(_ replica: Replica, _ audiences: [AudienceID]) async throws {
        try await pull(replica, audiences)
        try await push(replica)
        try await main(replica)
    }

    private func held(_ replica: Replica) async throws -> [AudienceID: Want.Held] {
        let want = try await replica.want(isLive: false)
        return Dictionary(uniqueKeysWithValues: want.held.map { ($0.audience, $0) })
    }
}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let now = Mutex<Int64>(1_000_000)

    var milliseconds: Int64 {
        get { now.withLock { $0 } }
        set { now.withLock { $0 = newValue } }
    }
}
