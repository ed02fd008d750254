import ChangeLog
import Foundation
import Merging
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing

/// A client's disk that is copied, or put back to an earlier state.
@Suite(.serialized, .timeLimit(.minutes(2))) struct CopiedReplicaTests {
    /// A copy of the folder of a replica, as somebody makes it with `cp`.
    private func copy(_ name: String, as other: String, in world: World) throws -> Replica {
        try FileManager.default.copyItem(
            at: world.folder.appending(path: name), to: world.folder.appending(path: other))
        return try Replica.open(at: world.folder.appending(path: other).path, rules: World.rules)
    }

    private func sync(_ replica: Replica) async throws -> ExchangeReport {
        let report = await replica.exchange(over: try replica.connection())
        if let error = report.error { throw error }
        return report
    }

    private func write(_ record: RecordID, _ text: String, in replica: Replica) async throws {
        _ = try await replica.record([
            Draft(
                audience: AudienceID(family: "person", replica.identity.person),
                operations: [.text(record, AnnotationField.body, text)])
        ])
    }

    private func body(_ record: RecordID, in replica: Replica) async throws -> String? {
        let audience = AudienceID(family: "person", replica.identity.person)
        return try await replica.read { reader in
            try reader.merged(record, in: audience)?[AnnotationField.body]?.value?.text
        }
    }

    private func digests(_ replicas: [Replica]) async throws -> [[ChangeHash]] {
        var digests: [[ChangeHash]] = []
        for replica in replicas { digests.append(try await replica.digest().audiences.map(\.digest)) }
        return digests
    }

    /// Regression 13. P-110, P-111, P-112.
    @Test func aCopiedDiskGoesOnAsAReplicaOfItsOwnAndAllItsChangesArrive() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let original = try await world.enrol(person, as: "laptop")
        let reader = try await world.enrol(person, as: "reader")
        let note = World.fresh()
        _ = try await original.record([Note.draft(note, "samen", in: original)])
        try await write(note, "een", in: original)
        _ = try await sync(original)
        // Both have it, and neither has sent it.
        try await write(note, "een twee", in: original)
        try await original.read { _ in }
        let copy = try copy("laptop", as: "copy", in: world)
        let (mine, theirs) = (World.fresh(), World.fresh())
        _ = try await original.record([Note.draft(theirs, "van het origineel", in: original)])
        _ = try await copy.record([Note.draft(mine, "van de kopie", in: copy)])
        try await write(note, "een twee drie", in: copy)
        #expect(try await sync(original).continuedAs == nil)
        let report = try await sync(copy)
        #expect(report.continuedAs != nil && report.continuedAs == copy.identity.replica)
        #expect(report.refused == 0)
        #expect(copy.identity.replica != original.identity.replica)
        for replica in [original, reader, copy] { _ = try await sync(replica) }
        for replica in [original, reader, copy] {
            #expect(try await Note.text(mine, in: replica) == "van de kopie")
            #expect(try await Note.text(theirs, in: replica) == "van het origineel")
            // What both had recorded before the copy was made is there once.
            #expect(try await body(note, in: replica) == "een twee drie")
            #expect(try await replica.read { try $0.counts() }.conflicts == 0)
            #expect(try await replica.read { try $0.counts() }.queued == 0)
        }
        let digests = try await digests([original, reader, copy])
        #expect(digests[0] == digests[1] && digests[1] == digests[2])
        // Both go on from here, and neither disturbs the other again.
        try await write(note, "een twee drie vier", in: copy)
        _ = try await original.record([Note.draft(World.fresh(), "nog een", in: original)])
        #expect(try await sync(copy).continuedAs == nil)
        #expect(try await sync(original).continuedAs == nil)
        #expect(try await body(note, in: original) == "een twee drie vier")
        #expect(try await world.workspace.service.verify().isSound)
        try await world.close()
    }

    /// P-111: of three copies with the same two edits one has sent the first, and one has gone on with the second.
    @Test func aCopyOfACopyGoesTheSameWay() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let original = try await world.enrol(person, as: "laptop")
        _ = try await sync(original)
        let note = World.fresh()
        _ = try await original.record([Note.draft(note, "een", in: original)])
        try await original.read { _ in }
        let copy = try copy("laptop", as: "copy", in: world)
        try await write(note, "een twee", in: copy)
        try await copy.read { _ in }
        let second = try self.copy("copy", as: "second", in: world)
        _ = try await original.record([Note.draft(World.fresh(), "van het origineel", in: original)])
        let copies = [original, copy, second]
        for replica in copies + copies { _ = try await sync(replica) }
        #expect(copy.identity.replica == second.identity.replica)
        for replica in copies {
            #expect(try await body(note, in: replica) == "een twee")
            #expect(try await replica.read { try $0.counts() }.queued == 0)
        }
        let digests = try await digests(copies)
        #expect(digests[0] == digests[1] && digests[1] == digests[2])
        try await world.close()
    }

    /// P-111: what both share, the server took from one copy and lost in a restore; a colleague gives back what followed.
    @Test func whatARestoredServerLostOfBothComesOnce() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let original = try await world.enrol(person, as: "laptop")
        let colleague = try await world.enrol(try await world.person("Bram", [.workgroup]), as: "Bram")
        let (note, shared) = (World.fresh(), World.fresh())
        let workgroup = try #require(AudienceID("workgroup"))
        _ = try await original.record([Note.draft(note, "een", in: original)])
        for replica in [original, colleague] { _ = try await sync(replica) }
        let backup = Backup.cheap(in: world)
        _ = try await backup.write(server: world.workspace)
        try await write(note, "een twee", in: original)
        try await original.read { _ in }
        let copy = try copy("laptop", as: "copy", in: world)
        _ = try await original.record([Note.draft(World.fresh(), "van het origineel", in: original)])
        _ = try await copy.record([Note.draft(shared, "van de kopie", in: copy, for: workgroup)])
        for replica in [copy, colleague] { _ = try await sync(replica) }

        let restored = try await backup.restored(in: world)
        for replica in [colleague, original, copy, original, copy] {
            let report = await replica.exchange(over: ServerTransport(restored).of(replica))
            if let error = report.error { throw error }
        }
        for replica in [original, copy] {
            #expect(try await body(note, in: replica) == "een twee")
            #expect(try await replica.read { try $0.counts() }.queued == 0)
        }
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// P-111: what followed a refused edit into the tray goes on as another replica, and is sent again or dropped with it.
    @Test func anEntryOfTheTrayStaysWhole() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        try await world.enrol(person, as: "laptop").close()
        // Another program, which does not see what the server will refuse.
        let lax = DomainRules(
            schema: World.rules.schema, admit: { _, _ in .accept }, mayRead: World.rules.mayRead)
        func open(_ name: String) throws -> Replica {
            try Replica.open(at: world.folder.appending(path: name).path, rules: lax)
        }
        let original = try open("laptop")
        let audience = AudienceID(family: "person", person)
        let note = World.fresh()
        func write(_ field: FieldName, _ text: String) -> DraftOperation {
            .operation(.write(note, field, .register, .text(text)))
        }
        _ = try await original.record([
            Draft(
                audience: audience,
                operations: [
                    .operation(.create(note, kind: .annotation, parent: nil, key: nil)),
                    write(AnnotationField.stance, "furious"),
                ])
        ])
        try await original.read { _ in }
        try copy("laptop", as: "copy", in: world).close()
        let copy = try open("copy")
        _ = try await original.record([Note.draft(World.fresh(), "van het origineel", in: original)])
        _ = try await copy.record([
            Draft(audience: audience, operations: [write(AnnotationField.quote, "meer")])
        ])
        _ = try await sync(original)
        #expect(try await sync(copy).continuedAs != nil)
        let tray = try await copy.read { try $0.tray() }
        #expect(tray.map(\.reason.code) == ["field.choice", "change.dependent"])
        #expect(Set(tray.map(\.id.replica)).count == 2)
        #expect(Set(tray.map(\.entry)) == [try #require(tray.first?.id)])
        try await world.close()
    }

    /// P-111: a disk that is put back again and again.
    @Test func aLineOfManyCopiesGoesOn() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        var latest = try await world.enrol(person, as: "copy 0")
        var notes: [RecordID] = []
        for generation in 1...40 {
            try await latest.read { _ in }
            let copy = try copy("copy \(generation - 1)", as: "copy \(generation)", in: world)
            notes += [World.fresh(), World.fresh()]
            _ = try await latest.record([Note.draft(notes[notes.count - 2], "een", in: latest)])
            _ = try await copy.record([Note.draft(notes[notes.count - 1], "ander", in: copy)])
            _ = try await sync(latest)
            #expect(try await sync(copy).continuedAs != nil)
            try latest.close()
            latest = copy
        }
        for note in notes { #expect(try await Note.text(note, in: latest) != nil) }
        #expect(try await world.workspace.service.verify().isSound)
        try await world.close()
    }

    /// Regression 13. P-110, P-111.
    @Test func aDiskThatIsPutBackGoesOnWithoutLosingWhatItMadeSince() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let before = try await world.enrol(person, as: "laptop")
        let note = World.fresh()
        _ = try await before.record([Note.draft(note, "begin", in: before)])
        try await write(note, "a", in: before)
        _ = try await sync(before)
        let restored = try copy("laptop", as: "restored", in: world)
        try await write(note, "ab", in: before)
        let lost = World.fresh()
        _ = try await before.record([Note.draft(lost, "na de kopie", in: before)])
        _ = try await sync(before)
        try before.close()
        // Nothing new: it takes back what it had made itself.
        let report = try await sync(restored)
        #expect(report.continuedAs != nil)
        #expect(try await Note.text(lost, in: restored) == "na de kopie")
        try await write(note, "abc", in: restored)
        #expect(try await sync(restored).refused == 0)
        #expect(try await body(note, in: restored) == "abc")
        // A second time, with edits that were never sent.
        let again = try copy("restored", as: "again", in: world)
        _ = try await restored.record([Note.draft(World.fresh(), "x", in: restored)])
        _ = try await sync(restored)
        let kept = World.fresh()
        _ = try await again.record([Note.draft(kept, "blijft", in: again)])
        try await write(note, "abcd", in: again)
        #expect(try await sync(again).continuedAs != nil)
        _ = try await sync(restored)
        #expect(try await Note.text(kept, in: restored) == "blijft")
        #expect(try await body(note, in: restored) == "abcd")
        let digests = try await digests([restored, again])
        #expect(digests[0] == digests[1])
        #expect(try await world.workspace.service.verify().isSound)
        try await world.close()
    }

    /// P-111: two copies share an edit that neither has sent, and neither may go on under the old id.
    @Test func anEditThatTwoCopiesShareComesOnce() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let original = try await world.enrol(person, as: "laptop")
        let note = World.fresh()
        _ = try await original.record([Note.draft(note, "begin", in: original)])
        _ = try await sync(original)
        let first = try copy("laptop", as: "first", in: world)
        _ = try await original.record([Note.draft(World.fresh(), "van het origineel", in: original)])
        _ = try await sync(original)
        try await write(note, "samen", in: first)
        let second = try copy("first", as: "second", in: world)
        try await write(note, "samen een", in: first)
        let other = World.fresh()
        _ = try await second.record([Note.draft(other, "twee", in: second)])
        for replica in [first, second, original, first] { #expect(try await sync(replica).refused == 0) }
        for replica in [original, first, second] {
            #expect(try await body(note, in: replica) == "samen een")
            #expect(try await Note.text(other, in: replica) == "twee")
        }
        let digests = try await digests([original, first, second])
        #expect(digests[0] == digests[1] && digests[1] == digests[2])
        #expect(try await world.workspace.service.verify().isSound)
        try await world.close()
    }

    /// P-111: what the first of two copies sent as the new replica comes to the second before it knows that it goes
    /// the same way.
    @Test func whatAnotherCopyWasFirstToGoOnWithIsTakenForOnesOwn() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let original = try await world.enrol(person, as: "laptop")
        let workgroup = try #require(AudienceID("workgroup"))
        let (note, shared, later) = (World.fresh(), World.fresh(), World.fresh())
        _ = try await original.record([Note.draft(World.fresh(), "begin", in: original, for: workgroup)])
        _ = try await sync(original)
        let first = try copy("laptop", as: "first", in: world)
        _ = try await first.record([Note.draft(shared, "samen", in: first, for: workgroup)])
        let second = try copy("first", as: "second", in: world)
        // In an audience that is new to the copies, so that they hear of it after all others.
        _ = try await original.record([Note.draft(note, "van het origineel", in: original)])
        _ = try await sync(original)
        #expect(try await sync(first).continuedAs != nil)
        _ = try await second.record([Note.draft(later, "twee", in: second, for: workgroup)])
        for replica in [second, original, first, second, original] {
            #expect(try await sync(replica).refused == 0)
        }
        for replica in [original, first, second] {
            #expect(try await Note.text(note, in: replica) == "van het origineel")
            let texts = try await replica.read { reader in
                try [shared, later].map { record in
                    try reader.merged(record, in: workgroup)?[AnnotationField.quote]?.value?.text
                }
            }
            #expect(texts == ["samen", "twee"])
        }
        let digests = try await digests([original, first, second])
        #expect(digests[0] == digests[1] && digests[1] == digests[2])
        #expect(try await world.workspace.service.verify().isSound)
        try await world.close()
    }

    /// P-111: the answer about the new replica is lost on its way.
    @Test func aContinuationWhoseAnswerWasLostIsTakenUpAgain() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let original = try await world.enrol(person, as: "laptop")
        let copy = try copy("laptop", as: "copy", in: world)
        _ = try await original.record([Note.draft(World.fresh(), "een", in: original)])
        _ = try await sync(original)
        let note = World.fresh()
        _ = try await copy.record([Note.draft(note, "twee", in: copy)])
        let forgetful = ForgetfulTransport(through: try copy.connection())
        let report = await copy.exchange(over: forgetful)
        #expect(!report.isComplete && copy.identity.replica == original.identity.replica)
        #expect(try await sync(copy).continuedAs != nil)
        _ = try await sync(original)
        #expect(try await Note.text(note, in: original) == "twee")
        let devices = try await world.workspace.service.devices()
        #expect(devices.first { $0.device == original.identity.device }?.replicas.count == 2)
        try await world.close()
    }
}

/// Loses each answer about a new replica.
private struct ForgetfulTransport: FrameTransport {
    let through: ServerConnection

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        try await through.converse(path, sending: frames) { frame in
            if case .continued = frame { return false }
            return try await receive(frame)
        }
    }
}
