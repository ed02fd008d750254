import ChangeLog
import Foundation
import Nominations
import OfflineReplica
import SyncServer
import Testing
import VoordrachtClient

/// A submission that could not be sent before closing, and one of which nobody told.
@Suite(.serialized, .timeLimit(.minutes(2))) struct WitnessedSubmissionTests {
    @Test func whatWasToldInTimeCountsAndTheRestWaitsForTheSecretariat() async throws {
        let world = try await World.open()
        let secretariat = try await world.member("Sanne", [.secretariat], of: nil)
        let reviewer = try await world.member("Rosa", [.reviewer], of: nil)
        let closes = world.clock.nowMilliseconds + 3_600_000
        try await secretariat.perform(
            CreateEdition(year: 2026, name: "De sociaalste gemeente", closes: closes, graceHours: 48))
        try await secretariat.perform(OpenEdition(edition: "2026"))
        _ = try await World.synced(secretariat)
        let anna = try await world.member(
            "Anna", [.member], of: try await world.organisation("Welzijn Delft"))
        let carla = try await world.member(
            "Carla", [.member], of: try await world.organisation("Jongerenwerk West"))
        var nominations: [RecordID] = []
        for member in [anna, carla] {
            let nomination = try await member.nominate("Delft").record
            await #expect(throws: NominationError(.witnessNothing)) {
                try await member.witness(of: nomination)
            }
            try await member.addExample(to: nomination, title: "Buurtteams")
            try await member.submit(nomination)
            nominations.append(nomination)
        }
        let told = try await anna.witness(of: nominations[0])
        #expect(!told.isSent && told.lodged == nil)
        let heard = try #require(WitnessCode(told.code.description.lowercased()))
        let lodged = world.clock.nowMilliseconds
        try await world.author(RosterCommands.witness(heard, at: lodged, hash: Replica.hash).operations)
        world.clock.putForward(days: 1)

        #expect(try await World.synced(anna).held == 0)
        let late = try await World.synced(carla)
        #expect(late.verdicts.compactMap(\.reason?.code) == ["submission.late"])
        #expect(try await anna.witness(of: nominations[0]).isSent)
        #expect(try await anna.witness(of: nominations[0]).code == told.code)
        // The secretariat lets the other one in all the same; the jury sees which of them was told of in time.
        let held = try #require(try await world.workspace.service.held().first)
        try await world.workspace.service.release(held.change)
        _ = try await World.synced(reviewer)
        let dossier = try await reviewer.review("Delft")
        #expect(dossier.nominations.map(\.organisation.name) == ["Jongerenwerk West", "Welzijn Delft"])
        #expect(dossier.nominations.map(\.witnessed) == [nil, AmsterdamTime.iso(lodged)])
        try await world.close()
    }
}
