import ChangeLog
import Foundation
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing

@testable import VoordrachtClient

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

    /// The connection breaks in the middle of the push: the server has the ends of the chains, and nothing else.
    /// P-088.
    @Test func aPushThatBreaksOffBeforeClosingWitnessesWhatItBegan() async throws {
        let world = try await World.open()
        let secretariat = try await world.member("Sanne", [.secretariat], of: nil)
        let reviewer = try await world.member("Rosa", [.reviewer], of: nil)
        try await secretariat.perform(
            CreateEdition(
                year: 2026, name: "De sociaalste gemeente", closes: world.clock.nowMilliseconds + 3_600_000,
                graceHours: 48))
        try await secretariat.perform(OpenEdition(edition: "2026"))
        _ = try await World.synced(secretariat)
        let anna = try await world.member(
            "Anna", [.member], of: try await world.organisation("Welzijn Delft"))
        let nomination = try await anna.nominate("Delft").record
        try await anna.addExample(to: nomination, title: "Buurtteams")
        try await anna.submit(nomination)
        let before = world.clock.nowMilliseconds
        let cut = await anna.replica.exchange(
            over: UnfinishedTransport(through: try anna.replica.connection()))
        let after = world.clock.nowMilliseconds
        #expect(cut.error != nil && cut.verdicts.isEmpty)
        #expect(try await world.workspace.service.held().isEmpty)
        world.clock.putForward(days: 1)

        let report = try await World.synced(anna)
        #expect(report.held == 0 && report.refused == 0 && report.accepted > 0)
        _ = try await World.synced(reviewer)
        let witnessed = try #require(try await reviewer.review("Delft").nominations.first?.witnessed)
        let moments = [before, after].map { AmsterdamTime.iso($0) }
        #expect(moments[0] <= witnessed && witnessed <= moments[1], "\(witnessed)")
        #expect(try await world.workspace.service.verify().findings.isEmpty)
        try await world.close()
    }
}

/// A connection that breaks before the changes of a push are through.
private struct UnfinishedTransport: FrameTransport {
    let through: ServerConnection

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        guard path == "/push" else {
            return try await through.converse(path, sending: frames, receive: receive)
        }
        let sent = Array(frames.prefix { if case .push = $0 { false } else { true } })
        try await through.converse(path, sending: sent) { _ in true }
        throw ConnectionError(.interrupted, "cut")
    }
}
