import ChangeLog
import Cryptography
import Foundation
import Merging
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing
import TransparencyLog

@testable import VoordrachtClient

/// A submission that was in time, and a server that is restored after closing to before it came.
@Suite(.serialized, .timeLimit(.minutes(2))) struct EarlierReceiptTests {
    /// What a device gives back of what the server had said.
    enum Shown: CaseIterable {
        case kept, nothing, altered
    }

    /// P-089.
    @Test(arguments: Shown.allCases) func whatTheServerSignedCountsAndNothingElse(shown: Shown) async throws {
        let world = try await World.open()
        let secretariat = try await world.member("Sanne", [.secretariat], of: nil)
        let closes = world.clock.nowMilliseconds + 3_600_000
        try await secretariat.perform(
            CreateEdition(year: 2026, name: "De sociaalste gemeente", closes: closes))
        try await secretariat.perform(OpenEdition(edition: "2026"))
        _ = try await World.synced(secretariat)
        let anna = try await world.member(
            "Anna", [.member], of: try await world.organisation("Welzijn Delft"))
        let backup = Backup.cheap(in: world)
        _ = try await backup.write(server: world.workspace)
        let nomination = try await anna.nominate("Delft").record
        try await anna.addExample(to: nomination, title: "Buurtteams")
        try await anna.submit(nomination)
        #expect(try await World.synced(anna).held == 0)
        let before = try await anna.receipt(of: nomination).report

        world.clock.putForward(days: 1)
        let restored = try await backup.restored(in: world)
        let transport = Sieve(through: ServerTransport(restored).of(anna.replica), shown: shown)
        let report = await anna.replica.exchange(over: transport)
        #expect(report.isComplete, "\(String(describing: report.error))")
        let held = try await restored.service.held()
        #expect(held.map(\.reason.code) == (shown == .kept ? [] : ["submission.late"]))
        let identity = DeviceIdentity(
            device: anna.replica.identity.device, person: anna.person,
            publicKey: try anna.replica.key().publicKey)
        let size = try await restored.service.comparison(with: 0).signed.head.size
        let after = try await restored.service.receipt(of: before.change, in: size, for: identity)
        #expect((after.received == before.received) == (shown == .kept))
        #expect(shown != .kept || after.verdict == .accepted)
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// Lets evidence pass, or not, or otherwise than the server signed it.
    private struct Sieve: FrameTransport {
        let through: ServerTransport
        let shown: Shown

        func converse(
            _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
        ) async throws {
            let sifted = frames.compactMap { frame -> Frame? in
                guard case .evidence(let receipts) = frame, shown != .kept else { return frame }
                if shown == .nothing { return nil }
                return .evidence(
                    receipts.map { receipt in
                        var altered = receipt
                        altered.received -= 1
                        return altered
                    })
            }
            try await through.converse(path, sending: sifted, receive: receive)
        }
    }
}
