import ChangeLog
import Cryptography
import Foundation
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing

/// Real servers and replicas, over mutual TLS on loopback.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ExchangeTests {
    @Test func twoReplicasAndAServerExchangeOneRegisterOverMutualTLS() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let first = try await world.enrol(person, as: "laptop")
        let second = try await world.enrol(person, as: "desktop")
        let record = World.fresh()
        _ = try await first.record([Note.draft(record, "één", in: first)])
        for replica in [first, second] {
            let report = await replica.exchange(over: try replica.connection())
            #expect(report.isComplete, "\(String(describing: report.error))")
        }
        #expect(try await Note.text(record, in: second) == "één")
        _ = try await second.record([
            Draft(
                audience: AudienceID(family: "person", person),
                operations: [.operation(.write(record, AnnotationField.quote, .register, .text("twee")))])
        ])
        for replica in [second, first] {
            let report = await replica.exchange(over: try replica.connection())
            #expect(report.isComplete, "\(String(describing: report.error))")
        }
        #expect(try await Note.text(record, in: first) == "twee")
        let digests = (try await first.digest(), try await second.digest())
        #expect(digests.0.audiences.map(\.digest) == digests.1.audiences.map(\.digest))
        try await world.close()
    }

    /// A revocation ends a pull that is open, and every later request.
    /// P-014.
    @Test func aRevokedDeviceIsCutOffFromItsOpenPull() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let replica = try await world.enrol(person, as: "laptop")
        let connection = try replica.connection()
        let (reports, continuation) = AsyncStream<ExchangeReport>.makeStream()
        let watching = Task {
            await replica.watch(over: connection) { report, _ in continuation.yield(report) }
            continuation.finish()
        }
        var revoked = false
        var last: ExchangeReport?
        for await report in reports {
            last = report
            if !revoked, report.isComplete {
                revoked = true
                try await world.workspace.service.revoke(device: replica.identity.device, lost: true)
            }
        }
        await watching.value
        #expect((last?.error as? ConnectionError)?.code == .rejected)
        try await world.close()
    }

    /// A server of another authority is not trusted, whatever its address.
    /// P-016.
    @Test func aLinkLeadsToItsOwnServerOnly() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let link = try await world.link(for: person)
        let other = EnrolmentLink(secret: link.secret, fingerprint: .zero, address: link.address)
        await #expect(throws: ConnectionError(.untrusted, "")) {
            try await Replica.enrol(
                other.text, at: world.folder.appending(path: "laptop").path, deviceName: "laptop",
                rules: World.rules)
        }
        try await world.close()
    }
}
