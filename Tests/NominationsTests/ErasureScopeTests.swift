import ChangeLog
import Merging
import Nominations
import Testing

/// What the domain lets be erased, and who may say that it was.
@Suite("Erasing what was written")
struct ErasureScopeTests {
    private let award: TestAward

    init() throws { award = try TestAward() }

    private func erased(_ scope: ErasureScope) -> [Change] {
        award.server.accepted.map(\.change).map { $0.erasing(scope.marks(in: $0), hash: testHash) }
    }

    private func says(_ changes: [Change], _ words: String) -> Bool {
        let bytes = Array(words.utf8)
        return changes.contains { change in
            let contents = change.contentBytes
            return contents.indices.contains { contents[$0...].starts(with: bytes) }
        }
    }

    @Test("A field goes from the draft and from all that was submitted of it, and nothing else does")
    func fieldAndCopies() throws {
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(SetField(record: nomination, field: "title", value: "Titelwoord"))
        try award.anna.perform(EditText(record: nomination, field: "motivation", text: "Geheimwoord"))
        try award.anna.sync()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        let before = award.server.accepted.map(\.change)
        #expect(before.count { says([$0], "Geheimwoord") } == 2 && says(before, "Titelwoord"))
        let after = erased(
            ErasureScope(record: nomination, field: NominationField.motivation, hash: testHash))
        #expect(!says(after, "Geheimwoord") && says(after, "Titelwoord"))
        // The first motivation, the second one, and the submission.
        #expect(zip(before, after).count { $0 != $1 } == 3)
        let all = erased(ErasureScope(record: nomination, hash: testHash))
        #expect(!says(all, "Geheimwoord") && !says(all, "Titelwoord"))
        #expect(says(all, "Delft"))
        // A submission stays one: what it is about can still be read.
        for change in all {
            for case .write(_, SubmissionField.content, _, let value) in change.operations {
                #expect(SubmissionContent(value) != nil)
            }
        }
    }

    @Test("What rules read stays, but for names")
    func decided() throws {
        let person = award.anna.person
        let before = award.server.accepted.map(\.change)
        let after = erased(ErasureScope(record: person, hash: testHash))
        let changed = zip(before, after).flatMap { old, new in
            zip(old.operations, new.operations).filter { $0 != $1 }.map(\.0)
        }
        #expect(!changed.isEmpty && changed.allSatisfy { $0.field == PersonField.name })
    }

    // P-170
    @Test("Nobody but the server says that something was erased")
    func onlyTheServer() throws {
        let target = ChangeID(replica: award.bram.replica, number: 1)
        let operations = Erasure(of: target, [ErasureMark(operation: 0, path: [])]).operations(testHash)
        for audience in [
            Audience.organisation(award.welfare).id, Audience.person(award.anna.person).id,
            Audience.everyone.id,
        ] {
            let envelope = Envelope(
                id: ChangeID(replica: award.anna.replica, number: 900),
                base: Base(epoch: TestServer.epoch, position: .origin, own: 899),
                time: HybridTime(milliseconds: award.server.now), audience: audience,
                schema: NominationSchema.version)
            func outcome(_ author: Admission.Author) throws -> Admission.Outcome {
                try award.server.rules.admit(
                    Admission(
                        author: author, envelope: envelope, operations: operations,
                        receivedMilliseconds: award.server.now), award.server.facts)
            }
            let person = try outcome(.person(award.anna.person, device: award.anna.person))
            #expect(person != .accept, "\(audience)")
            #expect(try outcome(.server) == .accept, "\(audience)")
        }
    }
}
