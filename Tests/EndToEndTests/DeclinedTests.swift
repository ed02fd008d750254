import ChangeLog
import Foundation
import Nominations
import OfflineReplica
import SyncServer
import Testing
import VoordrachtClient

/// What was declined, and what lay in the tray of a device that went out of use: who may still read it.
@Suite(.serialized, .timeLimit(.minutes(2))) struct DeclinedTests {
    /// What a device is told that was declined: why, and the texts in it.
    private func told(_ replica: Replica) async throws -> [String: [String]] {
        var told: [String: [String]] = [:]
        var next: ChangeID?
        let connection = try replica.connection()
        repeat {
            let part = try await connection.declined(after: next)
            for item in part.items {
                let texts = (item.contents?.operations ?? []).compactMap { operation -> String? in
                    if case .write(_, _, _, .text(let text)) = operation { text } else { nil }
                }
                told[item.reason.code + " " + item.reason.message, default: []] += texts
            }
            next = part.next
        } while next != nil
        return told.mapValues { $0.sorted() }
    }

    private func exchange(_ replica: Replica) async throws -> ExchangeReport {
        await replica.exchange(over: try replica.connection())
    }

    /// P-139: the author on any device, and the contact where both read; nobody else.
    @Test func whatIsDeclinedIsReadByItsAuthorAndTheContact() async throws {
        let world = try await World.open()
        let mine = try await world.organisation("Delftstede")
        let theirs = try await world.organisation("Vijfheer")
        let anna = try await world.person("Anna", [.member], organisation: mine)
        let contact = try await world.person("Carla", [.contact], organisation: mine)
        let old = try await world.enrol(anna, as: "old")
        let new = try await world.enrol(anna, as: "new")
        let carla = try await world.enrol(contact, as: "carla")
        let bram = try await world.enrol(
            try await world.person("Bram", [.member], organisation: mine), as: "bram")
        let dirk = try await world.enrol(
            try await world.person("Dirk", [.contact], organisation: theirs), as: "dirk")
        let ours = AudienceID(family: "organisation", mine)
        _ = try await old.record([Note.draft(World.fresh(), "voor ons", in: old, for: ours)])
        _ = try await old.record([Note.draft(World.fresh(), "voor mij", in: old)])
        try await world.workspace.service.revoke(device: old.identity.device, lost: false)
        #expect(try await exchange(old).held == 2)
        #expect(try await told(new).isEmpty)
        for held in try await world.workspace.service.held() {
            try await world.workspace.service.decline(held.change, reason: "dubbel")
        }
        #expect(try await told(new) == ["change.declined dubbel": ["voor mij", "voor ons"]])
        #expect(try await told(carla) == ["change.declined dubbel": ["voor ons"]])
        for replica in [bram, dirk] { #expect(try await told(replica).isEmpty) }
        await #expect(throws: ConnectionError.self) { try await told(old) }
        // Whoever is no contact of that organisation any more learns nothing of it; the author still does.
        try await world.author([
            .write(contact, PersonField.organisation, .decided, .record(theirs)),
            .write(anna, PersonField.organisation, .decided, .record(theirs)),
        ])
        #expect(try await told(carla).isEmpty)
        #expect(try await told(new).values.first == ["voor mij", "voor ons"])
        let list = try await Voordracht.open(at: new.folder).declined(in: .dutch, limit: 1)
        #expect(list.items.map(\.personName) == ["Anna"] && list.next == list.items.first?.change)
        let rest = try await Voordracht.open(at: new.folder).declined(limit: 9, after: list.next)
        #expect(rest.items.count == 1 && rest.next == nil && rest.items != list.items)
        try await world.close()
    }

    /// P-135, P-139: its last session hands in the tray as well, and never as edits.
    @Test func theTrayOfARetiredDeviceIsHandedInAsWhatItIs() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        try (try await world.enrol(person, as: "old")).close()
        let new = try await world.enrol(person, as: "new")
        // An older program, which does not see that the server will refuse it.
        let lax = DomainRules(
            schema: World.rules.schema, admit: { _, _ in .accept }, mayRead: World.rules.mayRead)
        // What follows a refused edit is not sent with it, but as a commitment without contents.
        var environment = ReplicaEnvironment.system
        environment.batchEntries = 1
        let old = try Replica.open(
            at: world.folder.appending(path: "old").path, rules: lax, environment: environment)
        var notes: [RecordID] = []
        for word in ["boos", "kwaad", "weg"] {
            let note = World.fresh()
            var draft = Note.draft(note, word, in: old)
            draft.operations.append(
                .operation(.write(note, AnnotationField.stance, .register, .text("furious"))))
            _ = try await old.record([draft])
            notes.append(note)
        }
        let own = AudienceID(family: "person", person)
        let more = DraftOperation.operation(
            .write(notes[0], AnnotationField.quote, .register, .text("bozer")))
        _ = try await old.record([Draft(audience: own, operations: [more])])
        _ = try await old.record([Note.draft(World.fresh(), "goed", in: old)])
        #expect(try await exchange(old).refused >= 3)
        let tray = try await old.read { try $0.tray() }
        #expect(
            tray.map(\.reason.code).sorted() == [
                "change.dependent", "field.choice", "field.choice", "field.choice",
            ])
        // What was thrown away stays so.
        try await old.drop(tray[2].entry)
        try await world.workspace.service.revoke(device: old.identity.device, lost: false)
        let head = await world.workspace.service.head().1
        let report = try await exchange(old)
        #expect(report.hasHandedIn && report.error == nil)
        #expect(await world.workspace.service.head().1 == head)
        #expect(try await world.workspace.service.held().isEmpty)
        #expect(try await exchange(new).isComplete)
        #expect(try await Note.text(notes[0], in: new) == nil)
        let told = try await told(new)
        #expect(
            told.filter { $0.key.hasPrefix("field.choice") }.flatMap(\.value) == [
                "boos", "furious", "furious", "kwaad",
            ])
        #expect(told.filter { $0.key.hasPrefix("change.handedIn") }.flatMap(\.value) == ["bozer"])
        #expect(told.count == 2)
        #expect(try await world.workspace.service.verify().isSound)
        try await world.close()
    }
}
