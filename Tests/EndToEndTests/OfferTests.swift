import ChangeLog
import Foundation
import Nominations
import OfflineReplica
import SyncServer
import Testing

/// What devices give back to a restored server of others' changes, where that is not the plain chain of a push.
@Suite(.serialized, .timeLimit(.minutes(2))) struct OfferTests {
    private func sync(_ replica: Replica, _ transport: ServerTransport) async throws {
        let report = await replica.exchange(over: transport.of(replica))
        if let error = report.error { throw error }
    }

    /// The folder of the laptop as another program opens it, which does not see what the server will refuse.
    private func lax(_ scene: RestoreTests.Scene) throws -> Replica {
        try scene.laptop.close()
        let rules = DomainRules(
            schema: World.rules.schema, admit: { _, _ in .accept }, mayRead: World.rules.mayRead)
        return try Replica.open(at: scene.laptop.folder, rules: rules)
    }

    /// P-116: what the author signed is a change that the server refused, so nobody else has it.
    @Test func whatIsSignedBeyondWhatWasDeliveredIsOfferedToo() async throws {
        let scene = try await RestoreTests.scene()
        let (world, desktop) = (scene.world, scene.desktop)
        let laptop = try lax(scene)
        let tablet = try await world.enrol(laptop.identity.person, as: "tablet")
        let backup = Backup.cheap(in: world)
        try FileManager.default.removeItem(atPath: backup.path)
        _ = try await backup.write(server: world.workspace)
        let before = ServerTransport(world.workspace)
        let note = World.fresh()
        _ = try await laptop.record([Note.draft(note, "van de laptop", in: laptop)])
        let audience = AudienceID(family: "person", laptop.identity.person)
        _ = try await laptop.record([
            Draft(
                audience: audience,
                operations: [.operation(.write(note, AnnotationField.stance, .register, .text("furious")))])
        ])
        try await sync(laptop, before)
        #expect(try await laptop.read { try $0.tray() }.map(\.reason.code) == ["field.choice"])
        try await sync(desktop, before)
        try laptop.close()
        let restored = try await backup.restored(in: world)
        let after = ServerTransport(restored)
        try await sync(desktop, after)
        // Who was never delivered it checks it with what the desktop brought.
        for replica in [desktop, tablet] {
            if replica === tablet { try await sync(tablet, after) }
            #expect(try await Note.text(note, in: replica) == "van de laptop")
        }
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// P-116: what came together, with one signature, and is more than an offer holds.
    @Test func moreThanABatchUnderOneSignatureIsOffered() async throws {
        let scene = try await RestoreTests.scene()
        let (world, laptop, desktop) = (scene.world, scene.laptop, scene.desktop)
        let before = ServerTransport(world.workspace)
        var notes: [RecordID] = []
        for _ in 0..<640 {
            notes.append(World.fresh())
            _ = try await laptop.record([Note.draft(notes[notes.count - 1], "van de laptop", in: laptop)])
        }
        for replica in [laptop, desktop] { try await sync(replica, before) }
        let restored = try await scene.restored()
        let after = ServerTransport(restored)
        try await sync(desktop, after)
        for note in [notes[0], notes[300], notes[639]] {
            #expect(try await Note.text(note, in: desktop) == "van de laptop")
        }
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// P-116: between what is offered stands a change that only its author has. An older copy of the author brings that
    /// one, and has not got what came after it.
    @Test func whatStandsBehindAGapIsKeptUntilItCloses() async throws {
        let scene = try await RestoreTests.scene()
        let (world, laptop, desktop) = (scene.world, scene.laptop, scene.desktop)
        let before = ServerTransport(world.workspace)
        let (gone, note) = (World.fresh(), World.fresh())
        let taken = try await laptop.record([Note.draft(gone, "weg", in: laptop)])
        #expect(try await laptop.takeBack(try #require(taken.first)))
        try await sync(laptop, before)
        let copy = world.folder.appending(path: "copy")
        try FileManager.default.copyItem(at: world.folder.appending(path: "laptop"), to: copy)
        _ = try await laptop.record([Note.draft(note, "van de laptop", in: laptop)])
        for replica in [laptop, desktop] { try await sync(replica, before) }
        try laptop.close()
        let restored = try await scene.restored()
        let after = ServerTransport(restored)
        // However often: it is in nobody's way, and not forgotten.
        for _ in 0..<3 { try await sync(desktop, after) }
        #expect(try await Note.text(note, in: desktop) == nil)
        let older = try Replica.open(at: copy.path, rules: World.rules)
        for replica in [older, desktop, older, desktop] { try await sync(replica, after) }
        for replica in [older, desktop] {
            #expect(try await Note.text(note, in: replica) == "van de laptop")
            #expect(try await Note.text(gone, in: replica) == nil)
        }
        let digests = (try await older.digest(), try await desktop.digest())
        #expect(digests.0 == digests.1)
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }
}
