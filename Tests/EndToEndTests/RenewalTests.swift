import ChangeLog
import Cryptography
import Foundation
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing

/// Certificates of devices, which end some day.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RenewalTests {
    private static let year: Int64 = 365 * 86_400

    private func synced(_ replica: Replica) async throws {
        let report = await replica.exchange(over: try replica.connection())
        if let error = report.error { throw error }
    }

    /// Gives a device the certificate that it would have, had it been enrolled some years ago.
    private func age(_ replica: Replica, years: Int64, in world: World) throws -> Certificate {
        let certificate = try world.workspace.identity.authority.issueDevice(
            key: try replica.key().publicKey, commonName: "device",
            now: Int64(Date().timeIntervalSince1970) - years * Self.year, validForDays: 3650)
        try replica.replace(certificate: certificate)
        return certificate
    }

    /// P-174. Once half of the ten years is over an exchange renews, and once.
    @Test func anExchangeRenewsTheCertificateOnceHalfOfItsTimeIsOver() async throws {
        let world = try await World.open()
        let anna = try await world.enrol(try await world.person("Anna", [.member]), as: "anna")
        let young = try age(anna, years: 4, in: world)
        try await synced(anna)
        #expect(try anna.certificate().der == young.der)
        #expect(!world.requests.asked.contains("/certificate"))
        let old = try age(anna, years: 6, in: world)
        try await synced(anna)
        let new = try anna.certificate()
        #expect(new.publicKey == old.publicKey && new.notAfter > old.notAfter + 5 * Self.year)
        try await synced(anna)
        #expect(world.requests.asked.filter { $0 == "/certificate" }.count == 1)
        #expect(try anna.certificate().der == new.der)
        try await world.close()
    }

    /// P-174. When that is, the server's clock says: this laptop's is years ahead, or behind.
    @Test(arguments: [(clock: 7, age: 1, renews: false), (clock: -7, age: 6, renews: true)])
    func theClockOfTheServerSaysWhen(clock: Int64, age years: Int64, renews: Bool) async throws {
        let world = try await World.open()
        let folder = try await world.enrol(try await world.person("Anna", [.member]), as: "anna").folder
        var environment = ReplicaEnvironment.system
        environment.nowMilliseconds = {
            Int64(Date().timeIntervalSince1970 * 1000) + clock * Self.year * 1000
        }
        let anna = try Replica.open(at: folder, rules: World.rules, environment: environment)
        _ = try age(anna, years: years, in: world)
        try await synced(anna)
        #expect(world.requests.asked.contains("/certificate") == renews)
        try await world.close()
    }

    /// P-017. A device that stayed away too long is the same one after an invitation, with all that is in its folder.
    @Test func anExpiredDeviceIsEnrolledAgainInItsFolder() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.member])
        let anna = try await world.enrol(person, as: "anna")
        let folder = anna.folder
        _ = try age(anna, years: 11, in: world)
        let report = await anna.exchange(over: try anna.connection())
        #expect((report.error as? ConnectionError)?.code == .certificateRefused)
        try await expectExists(try await world.person("Piet", [.member]), folder, in: world)
        let again = try await Replica.enrol(
            try await world.link(for: person).text, at: folder, deviceName: "laptop", rules: World.rules)
        #expect(again.identity.device == anna.identity.device)
        try await synced(again)
        try await expectExists(person, folder, in: world)
        try await world.close()
    }

    /// That this person cannot be made the one of a folder.
    private func expectExists(_ person: RecordID, _ folder: String, in world: World) async throws {
        let link = try await world.link(for: person).text
        let error = await #expect(throws: ReplicaError.self) {
            try await Replica.enrol(link, at: folder, deviceName: "laptop", rules: World.rules)
        }
        #expect(error?.code == .exists)
    }
}
