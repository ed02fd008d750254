import ChangeLog
import Foundation
import Nominations
import OfflineReplica
import SyncServer
import Testing
import VoordrachtClient

/// A laptop whose clock is off: what closes, closes by the clock of the server.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ClockTests {
    private struct Scene {
        let world: World
        let anna: Voordracht
        let nomination: RecordID

        /// - Parameter days: how far the server's clock is ahead of the laptop's.
        init(ahead days: Int64, closesInHours hours: Int64) async throws {
            world = try await World.open()
            world.clock.putForward(days: days)
            let secretariat = try await world.member("Sanne", [.secretariat], of: nil)
            try await secretariat.perform(
                CreateEdition(
                    year: 2026, name: "De sociaalste gemeente",
                    closes: world.clock.nowMilliseconds + hours * 3_600_000))
            try await secretariat.perform(OpenEdition(edition: "2026"))
            _ = try await World.synced(secretariat)
            anna = try await world.member(
                "Anna", [.member], of: try await world.organisation("Welzijn Delft"))
            nomination = try await anna.nominate("Delft").record
            try await anna.addExample(to: nomination, title: "Buurtteams")
        }
    }

    @Test func aFastClockKeepsNobodyFromSubmittingInTime() async throws {
        let scene = try await Scene(ahead: -1, closesInHours: 2)
        try await scene.anna.submit(scene.nomination)
        let report = try await World.synced(scene.anna)
        #expect(report.refused == 0 && report.held == 0 && report.pending == 0)
        try await scene.world.close()
    }

    @Test func aSlowClockMakesNothingAnewAfterClosing() async throws {
        let scene = try await Scene(ahead: 0, closesInHours: 2)
        try await scene.anna.submit(scene.nomination)
        _ = try await World.synced(scene.anna)
        scene.world.clock.putForward(days: 1)
        _ = try await World.synced(scene.anna)
        try await scene.anna.set("title", of: scene.nomination, to: "Te laat")
        let report = try await World.synced(scene.anna)
        #expect(report.accepted == 1 && report.held == 0 && report.refused == 0)
        #expect(try await scene.world.workspace.service.held().isEmpty)
        try await scene.world.close()
    }
}
