import ChangeLog
import Foundation
import Merging
import Nominations
import OfflineReplica
import SyncServer
import Testing

/// Texts whose version is not the one that their author saw: a restored server lost it in part, or a base cannot name it.
@Suite(.serialized, .timeLimit(.minutes(2))) struct LostVersionTests {
    private let workgroup: AudienceID

    init() throws { workgroup = try #require(AudienceID("workgroup")) }

    private func sync(_ replica: Replica, _ server: SyncServer.Workspace) async throws {
        let report = await replica.exchange(over: ServerTransport(server).of(replica))
        if let error = report.error { throw error }
    }

    private func write(_ note: RecordID, _ text: String, in replica: Replica) async throws {
        _ = try await replica.record([Draft(workgroup, [.text(note, AnnotationField.body, text)])])
    }

    private func text(_ note: RecordID, in replica: Replica) async throws -> String? {
        let workgroup = workgroup
        return try await replica.read {
            try $0.merged(note, in: workgroup)?[AnnotationField.body]?.value?.text
        }
    }

    /// P-008, P-117: its version has come back in another place, or in a part of a larger one only.
    @Test(arguments: [true, false]) func wordsOnALostVersionAreKept(isFound: Bool) async throws {
        let world = try await World.open()
        var replicas: [Replica] = []
        for name in ["Anna", "Bram", "Carla"] {
            replicas.append(try await world.enrol(try await world.person(name, [.workgroup]), as: name))
        }
        let (anna, bram, carla) = (replicas[0], replicas[1], replicas[2])
        let note = World.fresh()
        _ = try await carla.record([Note.draft(note, "begin", in: carla, for: workgroup)])
        for replica in [carla, anna, bram] { try await sync(replica, world.workspace) }
        let backup = Backup.cheap(in: world)
        _ = try await backup.write(server: world.workspace)
        try await write(note, "een vijf", in: anna)
        for replica in [anna, carla] { try await sync(replica, world.workspace) }
        try await write(note, "een twee vijf", in: carla)
        try await write(note, "een twee drie vijf", in: carla)
        // Thought better of.
        try await write(note, "een twee drie zes vijf", in: carla)
        try await write(note, "een twee drie vijf", in: carla)
        try await write(note, "vier ", in: bram)

        let restored = try await backup.restored(in: world)
        for replica in isFound ? [anna, bram, carla] : [bram, anna, carla] {
            try await sync(replica, restored)
        }
        let tray = try await carla.read { try $0.tray() }
        #expect(tray.map(\.reason.code).first == "text.version")
        for entry in Set(tray.map(\.entry)).sorted() { try await carla.retry(entry) }
        for replica in [carla, anna, bram] { try await sync(replica, restored) }
        let texts = [
            try await text(note, in: anna), try await text(note, in: bram), try await text(note, in: carla),
        ]
        #expect(Set(texts).count == 1)
        for word in ["een", "twee", "drie", "vier", "vijf"] {
            #expect(texts[0]?.ranges(of: word).count == 1, "\(word) in \(String(describing: texts[0]))")
        }
        #expect(texts[0]?.contains("zes") == false, "\(String(describing: texts[0]))")
        if isFound {
            #expect(texts[0]?.contains("een twee drie vijf") == true, "\(String(describing: texts[0]))")
        }
        #expect(try await carla.read { try $0.tray() }.isEmpty)
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// P-003, P-006: one base for all of an action names nothing that was seen where one of its audiences is not whole.
    @Test func aTextIsNotToldOnLessThanItShows() async throws {
        let world = try await World.open()
        let anna = try await world.enrol(try await world.person("Anna", [.workgroup]), as: "Anna")
        let bram = try await world.enrol(try await world.person("Bram", [.workgroup]), as: "Bram")
        let note = World.fresh()
        _ = try await bram.record([Note.draft(note, "begin", in: bram, for: workgroup)])
        for replica in [bram, anna] { try await sync(replica, world.workspace) }
        try await write(note, "een twee", in: anna)
        for replica in [anna, bram] { try await sync(replica, world.workspace) }
        let edit = Draft(workgroup, [.text(note, AnnotationField.body, "een")])
        // Nothing has come yet of what is for Bram alone.
        let error = await #expect(throws: Reason.self) {
            try await bram.record([edit, Note.draft(World.fresh(), "voor mijzelf", in: bram)])
        }
        #expect(error?.code == "audience.arriving")
        _ = try await bram.record([Note.draft(World.fresh(), "voor mijzelf", in: bram)])
        for _ in 0..<2 { try await sync(bram, world.workspace) }
        let changes = try await bram.record([edit, Note.draft(World.fresh(), "ook voor mijzelf", in: bram)])
        #expect(changes.count == 2)
        for replica in [bram, anna] { try await sync(replica, world.workspace) }
        #expect(try await text(note, in: anna) == "een")
        try await world.close()
    }
}
