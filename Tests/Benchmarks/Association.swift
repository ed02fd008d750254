import ChangeLog
import Cryptography
import Foundation
import Logging
import MunicipalRegister
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer

/// The folder of a server with member organisations, people and devices, filled without a network.
final class Association {
    let folder: String
    let authority: Certificate
    private let serverKey: PublicKey
    /// nil once a server process has the folder.
    private var opened: Workspace?
    private(set) var organisations: [RecordID] = []
    let edition = RecordKey.edition(year: 2026).record(kind: .edition, hash: Replica.hash)
    private var generator: SplitMix64

    private init(folder: String, workspace: Workspace, seed: UInt64) {
        self.folder = folder
        authority = workspace.identity.authority.certificate
        serverKey = workspace.identity.signingKey.publicKey
        opened = workspace
        generator = SplitMix64(seed: seed)
    }

    /// An association with an open edition.
    static func make(at folder: String, organisations count: Int) async throws -> Association {
        let workspace = try await Workspace.create(
            at: folder,
            configuration: WorkspaceConfiguration(
                addresses: [NetworkAddress(host: "127.0.0.1", port: 0)], association: "Benchmark"),
            rules: NominationRules.rules(hash: Replica.hash),
            environment: ServerEnvironment(
                nowMilliseconds: { Int64(Date().timeIntervalSince1970 * 1000) },
                randomBytes: { RandomBytes.make(count: $0) },
                logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }))
        let association = Association(folder: folder, workspace: workspace, seed: 1)
        try await association.open(organisations: count)
        return association
    }

    private func open(organisations count: Int) async throws {
        let edition = edition
        try await author([
            .create(edition, kind: .edition, parent: nil, key: .edition(year: 2026)),
            .write(edition, EditionField.phase, .decided, .text(EditionPhase.open.rawValue)),
        ])
        for index in 0..<count {
            let outcome = try RosterCommands.addOrganisation(
                named: "Welzijn \(index)", kvk: nil, fresh: fresh(), hash: Replica.hash)
            try await author(outcome.operations)
            organisations.append(outcome.record)
        }
    }

    private var workspace: Workspace {
        get throws {
            guard let opened else { throw BenchmarkError("the folder is a server's now") }
            return opened
        }
    }

    private func author(_ operations: [ChangeLog.Operation]) async throws {
        try await workspace.write(operations, in: Roster.audience)
    }

    /// A new person of an organisation with an enrolled device.
    func device(of organisation: Int) async throws -> Device {
        let organisation = organisations[organisation]
        let workspace = try workspace
        let person = try RosterCommands.addPerson(
            named: "Anna", roles: [.member], organisation: organisation, fresh: fresh())
        try await author(person.operations)
        let invitation = try await workspace.service.invite(
            person: person.record, validMilliseconds: 3_600_000)
        let key = try PrivateKey.generate()
        let replica = ReplicaID(bits())
        let enrolled = try await workspace.service.enrol(
            SyncServer.Enrolment(
                secret: invitation.secret, publicKey: key.publicKey, replica: replica, deviceName: "laptop"))
        let now = Int64(Date().timeIntervalSince1970)
        let certificate = try workspace.identity.authority.issueDevice(
            request: CertificateRequest.make(key: key, commonName: "device"),
            commonName: enrolled.device.description, now: now, validForDays: 30)
        return Device(
            key: key, certificate: certificate, replica: replica, enrolled: enrolled,
            audience: Audience.organisation(organisation).id,
            milliseconds: workspace.environment.nowMilliseconds() - 2_000_000_000)
    }

    /// Has a batch judged; all of it must be accepted.
    func push(_ batch: Batch, by device: Device) async throws {
        for entry in try await workspace.service.push(batch, from: device.identity, replica: device.replica) {
            guard case .accepted = entry.verdict else {
                throw BenchmarkError("\(entry.change) was not accepted: \(entry.verdict)")
            }
        }
    }

    func head() async throws -> Position { try await workspace.service.head().1 }

    /// A replica of this device that holds nothing yet.
    func replica(of device: Device, at folder: String, port: Int) throws {
        try Replica.create(
            at: folder,
            identity: ReplicaIdentity(
                person: device.enrolled.person, device: device.enrolled.device, replica: device.replica,
                address: "127.0.0.1:\(port)", association: "Benchmark",
                serverKey: serverKey, epoch: device.enrolled.epoch),
            key: device.key, certificate: device.certificate, authority: authority,
            rules: NominationRules.rules(hash: Replica.hash)
        ).close()
    }

    /// Leaves the folder to a server process. Nothing can be written any more.
    func close() async {
        await opened?.close()
        opened = nil
    }

    func bits() -> Identifier128 { Identifier128(high: generator.next(), low: generator.next()) }
    func fresh() -> RecordID { RecordID(bits()) }
}
