import ChangeLog
import Cryptography
import Foundation
import Merging
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing

/// Real servers and replicas, over mutual TLS on loopback.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ExchangeTests {
    /// A note of a person's own, which needs no edition.
    private static func note(_ replica: Replica, _ record: RecordID, _ text: String) -> Draft {
        Draft(
            audience: AudienceID(family: "person", replica.identity.person),
            operations: [
                .operation(.create(record, kind: .annotation, parent: nil, key: nil)),
                .operation(.write(record, AnnotationField.quote, .register, .text(text))),
            ])
    }

    private static func quote(of record: RecordID, in replica: Replica) async throws -> String? {
        let audience = AudienceID(family: "person", replica.identity.person)
        return try await replica.read { reader in
            try reader.merged(record, in: audience)?[AnnotationField.quote]?.value?.text
        }
    }

    @Test func twoReplicasAndAServerExchangeOneRegisterOverMutualTLS() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let first = try await world.enrol(person, as: "laptop")
        let second = try await world.enrol(person, as: "desktop")
        let record = World.fresh()
        _ = try await first.record([Self.note(first, record, "één")])
        for replica in [first, second] {
            let report = await replica.exchange(over: try replica.connection())
            #expect(report.isComplete, "\(String(describing: report.error))")
        }
        #expect(try await Self.quote(of: record, in: second) == "één")
        _ = try await second.record([
            Draft(
                audience: AudienceID(family: "person", person),
                operations: [.operation(.write(record, AnnotationField.quote, .register, .text("twee")))])
        ])
        for replica in [second, first] {
            let report = await replica.exchange(over: try replica.connection())
            #expect(report.isComplete, "\(String(describing: report.error))")
        }
        #expect(try await Self.quote(of: record, in: first) == "twee")
        let digests = (try await first.digest(), try await second.digest())
        #expect(digests.0.audiences.map(\.digest) == digests.1.audiences.map(\.digest))
        try await world.close()
    }

    /// The reply to every kind of request is cut off at many places; each exchange is then repeated.
    @Test func anAnswerThatIsLostChangesNothingInTheEnd() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let link = try await world.link(for: person)
        let path = world.folder.appending(path: "laptop").path
        var replica: Replica?
        // The handshake takes a few thousand bytes, so the steps fall into it, the answer, and beyond.
        for bytes in stride(from: 0, through: 6000, by: 400) where replica == nil {
            world.proxy.cut(after: bytes)
            replica = try? await Replica.enrol(link.text, at: path, deviceName: "laptop", rules: World.rules)
        }
        world.proxy.pass()
        let laptop =
            if let replica { replica } else {
                try await Replica.enrol(link.text, at: path, deviceName: "laptop", rules: World.rules)
            }
        #expect(try await world.workspace.service.devices().count(where: { $0.person == person }) == 1)
        let begun = await laptop.exchange(over: try laptop.connection())
        #expect(begun.isComplete, "\(String(describing: begun.error))")

        var records: [RecordID] = []
        for bytes in stride(from: 0, through: 9000, by: 250) {
            let record = World.fresh()
            records.append(record)
            _ = try await laptop.record([Self.note(laptop, record, "na \(bytes) bytes")])
            world.proxy.cut(after: bytes)
            _ = await laptop.exchange(over: try laptop.connection())
        }
        world.proxy.pass()
        let report = await laptop.exchange(over: try laptop.connection())
        #expect(report.isComplete, "\(String(describing: report.error))")
        let again = await laptop.exchange(over: try laptop.connection())
        #expect(again.isComplete && again.received == 0 && again.verdicts.isEmpty)

        let second = try await world.enrol(person, as: "desktop")
        let first = await second.exchange(over: try second.connection())
        #expect(first.isComplete, "\(String(describing: first.error))")
        for record in records {
            #expect(try await Self.quote(of: record, in: second)?.hasPrefix("na ") == true)
        }
        // The second device stands in the roster, which the first has yet to hear of.
        _ = await laptop.exchange(over: try laptop.connection())
        #expect(try await laptop.digest().audiences.map(\.digest) == second.digest().audiences.map(\.digest))
        let counts = try await laptop.read { try $0.counts() }
        #expect(counts.queued == 0 && counts.tray == 0 && counts.waiting == 0)
        try await world.close()
    }

    /// A revocation ends a pull that is open, and every later request.
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
