import ChangeLog
import Nominations
import Testing

@Suite("Where drafts stand")
struct DraftAudienceTests {
    @Test("Nominations and examples are made in the audience of their organisation")
    func made() throws {
        let award = try TestAward()
        let home = Audience.organisation(award.welfare).id
        let nominated = try Nominate(nominee: "Ede").drafted(in: award.anna.view)
        #expect(nominated.drafts.map(\.audience) == [home])
        let delft = try award.nominationOfDelft()
        let example = AddExample(nomination: delft, title: "Buurtteams", fresh: record(4242))
        #expect(try example.drafted(in: award.anna.view).drafts.map(\.audience) == [home])
    }

    @Test("A draft is not admitted where the jury reads")
    func admitted() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        let key = award.key("Delft", of: award.welfare)
        let draft: [Operation] = [
            .create(nomination, kind: .nomination, parent: nil, key: key.recordKey),
            .write(nomination, NominationField.title, .register, .text("x")),
            .create(record(4242), kind: .example, parent: nomination, key: nil),
        ]
        #expect(try verdict(draft, in: .organisation(award.welfare), award) == "accepted")
        #expect(try verdict(draft, in: .nomination(nomination), award) == "kind.misplaced")
    }

    /// The code of a refusal or a hold of Anna's change; "accepted" otherwise.
    private func verdict(
        _ operations: [Operation], in audience: Audience, _ award: TestAward
    ) throws -> String {
        let anna = award.anna
        let envelope = Envelope(
            id: ChangeID(replica: anna.replica, number: 1000),
            base: Base(epoch: TestServer.epoch, position: .origin, own: 999),
            time: HybridTime(milliseconds: award.server.now), audience: audience.id,
            schema: NominationSchema.version)
        let admission = Admission(
            author: .person(anna.person, device: anna.person), envelope: envelope, operations: operations,
            receivedMilliseconds: award.server.now)
        switch try award.server.rules.admit(admission, award.server.facts) {
        case .accept: return "accepted"
        case .hold(let reason), .refuse(let reason): return reason.code
        }
    }
}
