import ChangeLog
import MunicipalRegister
import Nominations
import OfflineReplica
import SyncServer
import Testing
import VoordrachtClient

/// Somebody writes under the id of another's record where he may write himself.
@Suite(.serialized, .timeLimit(.minutes(2))) struct BorrowedIdTests {
    @Test func anIdStaysThatOfTheRecordWhoseKeyGivesIt() async throws {
        let world = try await World.open()
        let secretariat = try await world.member("Sanne", [.secretariat], of: nil)
        try await secretariat.perform(CreateEdition(year: 2026, name: "De sociaalste gemeente"))
        try await secretariat.perform(OpenEdition(edition: "2026"))
        _ = try await World.synced(secretariat)
        let rosa = try await world.member("Rosa", [.reviewer], of: nil)
        let rudolf = try await world.enrol(try await world.person("Rudolf", [.reviewer]), as: "rudolf")
        let review = try await rosa.perform(Assess(nominee: "Delft", motivation: "Goed."))
        try await rosa.perform(Assess(nominee: "Delft", advice: .award, isSubmitted: true))
        _ = try await World.synced(rosa)
        let dossier = try await rosa.review("Delft")
        guard let nominee = NomineeID(text: dossier.nominee.id) else {
            Issue.record("\(dossier.nominee.id) is no nominee")
            return
        }
        let edition = try await rosa.findEdition(nil)
        let jury = JuryKey(nominee: nominee, edition: edition).audience(Replica.hash)
        _ = try await rudolf.record([Note.draft(review.record, "geleend", in: rudolf, for: jury)])
        let report = await rudolf.exchange(over: try rudolf.connection())
        #expect(report.isComplete && report.refused == 0)
        _ = try await World.synced(rosa)
        let shown = try await rosa.details(of: review.record)
        #expect(shown.item.kind == .review && shown["motivation"]?.value == .text("Goed."))
        try await rosa.perform(Assess(nominee: "Delft", motivation: "Heel goed."))
        #expect(try await World.synced(rosa).refused == 0)
        try await world.close()
    }
}
