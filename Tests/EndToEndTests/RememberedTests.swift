import ChangeLog
import Cryptography
import Foundation
import Merging
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing

/// What a restored server has forgotten that it took away, and hears again from devices that saw it.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RememberedTests {
    private let workgroup: AudienceID

    init() throws { workgroup = try #require(AudienceID("workgroup")) }

    private func sync(_ replica: Replica, _ server: SyncServer.Workspace) async throws {
        let report = await replica.exchange(over: ServerTransport(server).of(replica))
        if let error = report.error { throw error }
    }

    private func standing(_ replica: Replica, _ server: SyncServer.Workspace) async throws -> String? {
        try await server.service.devices().first { $0.device == replica.identity.device }?.standing
    }

    private func roster(_ record: RecordID, _ field: FieldName, _ server: SyncServer.Workspace) async throws
        -> Value?
    {
        try await server.service.read { try $0.rostered(record, field) }
    }

    /// Whether nothing is read of a note, or asterisks.
    private func isErased(_ note: RecordID, in replica: Replica) async throws -> Bool {
        let workgroup = workgroup
        let value = try await replica.read {
            try $0.merged(note, in: workgroup)?[AnnotationField.quote]?.value
        }
        return (value?.text ?? "").allSatisfy { $0 == "*" }
    }

    /// P-119: the first device that saw it tells it; what was given in the lost part is not given again.
    @Test(arguments: [Roster.lost, Roster.retired]) func whatWasRevokedIsRevokedAgain(standing: String)
        async throws
    {
        let world = try await World.open()
        let welfare = try await world.organisation("Welzijn Delft")
        let anna = try await world.enrol(try await world.person("Anna", [.workgroup]), as: "anna")
        let bram = try await world.person("Bram", [.workgroup, .reviewer], organisation: welfare)
        let (laptop, phone) = (
            try await world.enrol(bram, as: "laptop"), try await world.enrol(bram, as: "phone")
        )
        let carla = try await world.person("Carla", [.reviewer])
        let dirk = try await world.person("Dirk", [.workgroup])
        try await sync(anna, world.workspace)
        let backup = Backup.cheap(in: world)
        _ = try await backup.write(server: world.workspace)
        try await world.workspace.service.revoke(
            device: laptop.identity.device, lost: standing == Roster.lost)
        func roles(_ person: RecordID, _ roles: [Role]) -> ChangeLog.Operation {
            .write(person, PersonField.roles, .decided, .list(roles.map { .text($0.rawValue) }))
        }
        try await world.author([
            roles(bram, [.reviewer]), .write(bram, PersonField.organisation, .decided, .null),
            roles(carla, [.workgroup, .reviewer]), roles(dirk, []),
        ])
        try await sync(anna, world.workspace)

        let restored = try await backup.restored(in: world)
        // Decided anew since: that stands.
        _ = try await restored.service.author([
            (audience: Roster.audience, operations: [roles(dirk, [.workgroup, .reviewer])])
        ])
        #expect(try await self.standing(laptop, restored) == Roster.active)
        try await sync(anna, restored)
        #expect(try await self.standing(laptop, restored) == standing)
        #expect(try await self.standing(phone, restored) == Roster.active)
        #expect(
            try await roster(bram, PersonField.roles, restored) == .list([.text(Role.reviewer.rawValue)]))
        #expect(try await roster(bram, PersonField.organisation, restored) == .null)
        #expect(try await roster(carla, PersonField.roles, restored)?.list?.count == 1)
        #expect(try await roster(dirk, PersonField.roles, restored)?.list?.count == 2)
        // Once, however many tell it.
        let head = await restored.service.head().1
        for replica in [phone, anna] { try await sync(replica, restored) }
        #expect(await restored.service.head().1 == head)
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// P-119: also of what only another device brings back, whichever comes first.
    @Test(arguments: [true, false]) func whatWasErasedIsErasedAgain(isInBackup: Bool) async throws {
        let world = try await World.open()
        let workgroup = workgroup
        let anna = try await world.enrol(try await world.person("Anna", [.workgroup]), as: "anna")
        let bram = try await world.enrol(try await world.person("Bram", [.workgroup]), as: "bram")
        let backup = Backup.cheap(in: world)
        let note = World.fresh()
        if !isInBackup { _ = try await backup.write(server: world.workspace) }
        _ = try await bram.record([Note.draft(note, "Zeldzaamgeheim", in: bram, for: workgroup)])
        for replica in [bram, anna] { try await sync(replica, world.workspace) }
        if isInBackup { _ = try await backup.write(server: world.workspace) }
        let scope = ErasureScope(record: note, field: nil, hash: Replica.hash)
        #expect(try await world.workspace.service.erase { scope.marks(in: $0) }.changes == 1)
        try await sync(anna, world.workspace)
        #expect(try await isErased(note, in: anna))

        let restored = try await backup.restored(in: world)
        try await sync(anna, restored)
        for replica in [bram, anna, bram] { try await sync(replica, restored) }
        for replica in [anna, bram] {
            #expect(try await isErased(note, in: replica))
        }
        let head = await restored.service.head().1
        for replica in [anna, bram] { try await sync(replica, restored) }
        #expect(await restored.service.head().1 == head)
        #expect(try await anna.digest().audiences == bram.digest().audiences)
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// P-119: what somebody else signed, or stands in the order as it is, changes nothing.
    @Test func whatWasNotLostIsNoEvidence() async throws {
        let world = try await World.open()
        let anna = try await world.enrol(try await world.person("Anna", [.workgroup]), as: "anna")
        let bram = try await world.person("Bram", [.workgroup])
        let service = world.workspace.service
        let epoch = try await anna.view().epoch
        let author = DeviceIdentity(
            device: anna.identity.device, person: anna.identity.person,
            publicKey: try anna.key().publicKey, isRetired: false)
        func batch(_ key: PrivateKey, in epoch: Epoch) throws -> Batch {
            let envelope = Envelope(
                id: ChangeID(replica: service.replica, number: 1_000),
                base: Base(epoch: epoch, position: .origin, own: 1), time: HybridTime(1),
                audience: Roster.audience,
                group: nil, schema: 1)
            let change = Change(
                envelope: envelope,
                salt: .seed(try #require(Identifier128(bytes: [UInt8](repeating: 1, count: 16)))),
                operations: [.write(bram, PersonField.roles, .decided, .list([]))])
            let hash = Chain.hash(of: change, previous: .zero, hash: Replica.hash)
            let head = SignedHead(
                replica: service.replica, audience: Roster.audience, links: [],
                signature: try key.sign(SignedHead.message(hash)))
            return Batch(
                entries: [BatchEntry(envelope: envelope, body: .contents(change.salt, change.operations))],
                heads: [head])
        }
        let error = await #expect(throws: Reason.self) {
            try await service.offer(try batch(try anna.key(), in: epoch), by: author)
        }
        #expect(error?.code == "chain.unsigned")
        // Of the epoch in force nothing was lost, and of another nobody knows.
        for epoch in [epoch, Epoch(7)] {
            let verdicts = try await service.offer(
                try batch(world.workspace.identity.signingKey, in: epoch), by: author)
            #expect(verdicts.count == 1)
        }
        #expect(try await roster(bram, PersonField.roles, world.workspace)?.list?.count == 1)
        try await world.close()
    }
}
