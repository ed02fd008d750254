import ChangeLog
import Cryptography
import Foundation
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing
import VoordrachtClient

/// Changes that travel as a file, past a colleague who can read nothing of them.
@Suite(.serialized, .timeLimit(.minutes(2))) struct BundleTests {
    private func carry(
        _ sealed: SealedChanges, by replica: Replica
    ) async throws -> BundleOutcome {
        try await replica.deliver(bundle: sealed.bytes, over: try replica.connection())
    }

    // P-121, P-122
    @Test func whatAColleagueCarriesIsItsAuthorsAndIsAcceptedOnce() async throws {
        let world = try await World.open()
        let laptop = try await world.enrol(try await world.person("Anna", [.workgroup]), as: "laptop")
        let bram = try await world.enrol(try await world.person("Bram", [.workgroup]), as: "pc")
        let (annaFace, bramFace) = (
            try Voordracht.open(at: laptop.folder), try Voordracht.open(at: bram.folder)
        )
        let secret = "Zeist werkt samen, één wijk tegelijk."
        let note = World.fresh()
        let change = try await laptop.record([Note.draft(note, secret, in: laptop)])[0]
        let before = try await annaFace.outgoing().changes
        let file = try await annaFace.exportBundle()
        #expect(file.changes == before && before.map(\.change) == [change])
        #expect(try await annaFace.outgoing().changes == before, "an export sends nothing")
        for word in [secret, "person:", "annotation"] {
            #expect(!file.file.contains(Array(word.utf8)), "\(word) can be read in the file")
        }
        let delivered = try await bramFace.importBundle(file.file)
        #expect(delivered.accepted == 1 && delivered.held + delivered.waiting + delivered.refused == 0)
        #expect(try await bramFace.importBundle(file.file) == delivered)
        #expect(try await annaFace.outgoing().changes == before, "no verdict has come yet")

        for replica in [laptop, bram] {
            let report = await replica.exchange(over: try replica.connection())
            #expect(report.isComplete, "\(String(describing: report.error))")
        }
        #expect(try await annaFace.outgoing().changes.isEmpty)
        #expect(try await laptop.read { try $0.status(of: change)?.state } == .accepted)
        #expect(try await Note.text(note, in: laptop) == secret)
        #expect(try await bram.read { try $0.status(of: change) } == nil, "it is Anna's alone")
        let author = try await bram.read { try $0.person(of: change.replica) }
        #expect(author == laptop.identity.person)
        #expect(try await bramFace.importBundle(file.file) == delivered)
        #expect(try await world.workspace.service.verify().isSound)
        try await world.close()
    }

    // P-122
    @Test func whatIsManyBatchesLongArrivesWholeAndTheAuthorGoesOnBehindIt() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        var environment = ReplicaEnvironment.system
        environment.batchEntries = 7
        let laptop = try Replica.open(
            at: try await world.enrol(person, as: "laptop").folder, rules: World.rules,
            environment: environment)
        let desktop = try await world.enrol(person, as: "desktop")
        let records = (0..<40).map { _ in World.fresh() }
        for record in records { try await laptop.record([Note.draft(record, "één", in: laptop)]) }
        let sealed = try await laptop.bundle()
        #expect(sealed.changes.count == records.count)
        let last = World.fresh()
        try await laptop.record([Note.draft(last, "later", in: laptop)])
        #expect(try await carry(sealed, by: desktop).accepted == records.count)
        for replica in [laptop, desktop] {
            let report = await replica.exchange(over: try replica.connection())
            #expect(report.isComplete, "\(String(describing: report.error))")
            #expect(try await Note.text(records[39], in: replica) == "één")
            #expect(try await Note.text(last, in: replica) == "later")
            #expect(try await replica.read { try $0.counts() }.queued == 0)
        }
        #expect(try await laptop.digest().audiences == desktop.digest().audiences)
        try await world.close()
    }

    // P-122
    @Test func aFileThatNeverArrivesKeepsNothingFromBeingSent() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let laptop = try await world.enrol(person, as: "laptop")
        let desktop = try await world.enrol(person, as: "desktop")
        let note = World.fresh()
        try await laptop.record([Note.draft(note, "één", in: laptop)])
        let first = try await laptop.bundle()
        #expect(try await laptop.bundle().changes == first.changes, "again it is the same")
        for replica in [laptop, desktop] {
            let report = await replica.exchange(over: try replica.connection())
            #expect(report.isComplete, "\(String(describing: report.error))")
        }
        #expect(try await Note.text(note, in: desktop) == "één")
        try await world.close()
    }

    // P-123
    @Test func withoutTheKeyOfTheServerOrAnythingToSendThereIsNoBundle() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let replica = try await Replica.enrol(
            try await world.link(for: person).text, at: world.folder.appending(path: "laptop").path,
            deviceName: "laptop", rules: World.rules)
        await #expect(throws: BundleError(.noKey, "")) { try await replica.bundle() }
        _ = await replica.exchange(over: try replica.connection())
        await #expect(throws: BundleError(.nothing, "")) { try await replica.bundle() }
        try await world.close()
    }

    /// The file was written before the restore, and its changes build on what the server lost.
    // P-122, P-123
    @Test func aBundleFromBeforeARestoreWaitsForItsAuthorAndComesOnce() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let laptop = try await world.enrol(person, as: "laptop")
        let desktop = try await world.enrol(person, as: "desktop")
        let backup = Backup(
            at: world.folder.appending(path: "backup").path,
            passphrase: Array("een zin die niemand raadt".utf8),
            cost: PassphraseCost(logarithm: 4, blocks: 1, lanes: 1))
        _ = try await backup.write(server: world.workspace)
        let (lost, unsent) = (World.fresh(), World.fresh())
        try await laptop.record([Note.draft(lost, "verloren", in: laptop)])
        _ = await laptop.exchange(over: try laptop.connection())
        try await laptop.record([Note.draft(unsent, "nog niet verzonden", in: laptop)])
        let sealed = try await laptop.bundle()
        let (restored, _) = try await backup.restore(
            to: world.folder.appending(path: "restored").path, rules: World.rules,
            environment: world.workspace.environment)
        let carrier = DeviceIdentity(
            device: desktop.identity.device, person: person, publicKey: try desktop.key().publicKey)
        let bundle = try Bundle(
            bytes: SealedBundle.open(sealed.bytes, with: restored.identity.bundleKey))
        let tally = try await restored.service.receive(bundle, by: carrier)
        #expect(tally.waiting == 1 && tally.accepted == 0)
        let transport = ServerTransport(restored)
        for replica in [laptop, desktop] {
            let report = await replica.exchange(over: transport.of(replica))
            #expect(report.isComplete, "\(String(describing: report.error))")
            #expect(try await Note.text(lost, in: replica) == "verloren")
            #expect(try await Note.text(unsent, in: replica) == "nog niet verzonden")
            #expect(try await replica.read { try $0.counts() }.queued == 0)
        }
        #expect(try await restored.service.receive(bundle, by: carrier).accepted == 1)
        #expect(try await restored.service.verify().isSound)
        await restored.service.close()
        try await world.close()
    }
}

extension [UInt8] {
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: part) }
    }
}
