import ChangeLog
import Cryptography
import Foundation
import Merging
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing

/// Devices that were enrolled after the backup from which their server was restored.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ForgottenDeviceTests {
    /// A restored server of a world that can be reached, for somebody must be able to enrol there.
    private struct Restored {
        let workspace: SyncServer.Workspace
        let port: Int
        let serving: Task<Void, any Error>

        init(_ world: World, _ backup: Backup) async throws {
            let workspace = try await backup.restored(in: world)
            let (ports, continuation) = AsyncStream<Int>.makeStream()
            let interface = SyncInterface(
                workspace: workspace, address: NetworkAddress(host: "127.0.0.1", port: 0)
            ) { address in
                continuation.yield(address.port)
                continuation.finish()
            }
            serving = Task { try await interface.run() }
            var port = 0
            for await value in ports { port = value }
            (self.workspace, self.port) = (workspace, port)
        }

        /// Enters somebody again whom the roster has lost.
        func link(for name: String) async throws -> (person: RecordID, link: String) {
            let outcome = try RosterCommands.addPerson(
                named: name, roles: [.workgroup], organisation: nil, fresh: World.fresh())
            _ = try await workspace.service.author([
                (audience: Roster.audience, operations: outcome.operations)
            ])
            return (outcome.record, try await link(for: outcome.record))
        }

        func link(for person: RecordID) async throws -> String {
            let invitation = try await workspace.service.invite(person: person, validMilliseconds: 3_600_000)
            let print = try #require(
                ChangeHash(bytes: workspace.identity.authority.certificate.fingerprint.bytes))
            return EnrolmentLink(
                secret: invitation.secret, fingerprint: print, address: "127.0.0.1:\(port)"
            ).text
        }

        func close() async {
            serving.cancel()
            await workspace.close()
        }
    }

    private let workgroup = AudienceID("workgroup")

    private func sync(_ replica: Replica, _ server: SyncServer.Workspace) async throws {
        let report = await replica.exchange(over: ServerTransport(server).of(replica))
        if let error = report.error { throw error }
    }

    private func enrol(_ replica: Replica, _ link: String) async throws -> Replica {
        try await Replica.enrol(link, at: replica.folder, deviceName: "opnieuw", rules: World.rules)
    }

    private func text(_ note: RecordID, in replica: Replica) async throws -> String? {
        let workgroup = try #require(workgroup)
        return try await replica.read {
            try $0.merged(note, in: workgroup)?[AnnotationField.quote]?.value?.text
        }
    }

    /// Regression 12. P-116: all that a device made that the restored server does not know, given back by another one
    /// as soon as it is known again, and by itself.
    @Test(arguments: [true, false]) func aForgottenDeviceIsEnrolledAgain(isBroughtByAnother: Bool)
        async throws
    {
        let world = try await World.open()
        let workgroup = try #require(workgroup)
        let anna = try await world.enrol(try await world.person("Anna", [.workgroup]), as: "anna")
        let backup = Backup.cheap(in: world)
        _ = try await backup.write(server: world.workspace)
        let bram = try await world.enrol(try await world.person("Bram", [.workgroup]), as: "bram")
        let (shared, own) = (World.fresh(), World.fresh())
        _ = try await bram.record([Note.draft(shared, "voor de werkgroep", in: bram, for: workgroup)])
        _ = try await bram.record([Note.draft(own, "voor mijzelf", in: bram)])
        for replica in [bram, anna] { try await sync(replica, world.workspace) }
        let unsent = World.fresh()
        _ = try await bram.record([Note.draft(unsent, "nog niet verzonden", in: bram, for: workgroup)])
        #expect(try await text(shared, in: anna) == "voor de werkgroep")

        let restored = try await Restored(world, backup)
        // Nobody knows whose it is: no error, and kept.
        for _ in 0..<2 { try await sync(anna, restored.workspace) }
        #expect(try await text(shared, in: anna) == nil)
        let (person, link) = try await restored.link(for: "Bram")
        let again = try await enrol(bram, link)
        #expect(again.identity.replica == bram.identity.replica)
        #expect(again.identity.device == bram.identity.device && again.identity.person == person)
        if isBroughtByAnother {
            try await sync(anna, restored.workspace)
            #expect(try await text(shared, in: anna) == "voor de werkgroep")
        }
        let report = await again.exchange(over: try again.connection())
        #expect(report.isComplete, "\(String(describing: report.error))")
        for replica in [anna, again] {
            try await sync(replica, restored.workspace)
            #expect(try await text(shared, in: replica) == "voor de werkgroep")
            #expect(try await text(unsent, in: replica) == "nog niet verzonden")
        }
        // It stood in an audience of a person who is not there any more.
        let tray = try await again.read { try $0.tray() }
        #expect(tray.map(\.reason.code) == ["audience.forbidden"])
        #expect(tray.flatMap(\.operations).contains { $0.record == own })
        let head = await restored.workspace.service.head().1
        for replica in [anna, again] { try await sync(replica, restored.workspace) }
        #expect(await restored.workspace.service.head().1 == head)
        #expect(
            try await anna.digest().audiences.first { $0.audience == workgroup }
                == again.digest().audiences.first { $0.audience == workgroup })
        #expect(try await restored.workspace.service.verify().isSound)
        // A program that opens it later knows it as it is now.
        #expect(try Replica.open(at: bram.folder, rules: World.rules).identity.person == person)
        await restored.close()
        try await world.close()
    }

    /// P-111: two copies of one folder, of which one went on as another replica, enrolled with one link.
    @Test func copiesOfAForgottenDeviceAreEnrolledTogether() async throws {
        let world = try await World.open()
        let workgroup = try #require(workgroup)
        let backup = Backup.cheap(in: world)
        _ = try await backup.write(server: world.workspace)
        let bram = try await world.enrol(try await world.person("Bram", [.workgroup]), as: "bram")
        let folder = world.folder.appending(path: "copy")
        try FileManager.default.copyItem(at: world.folder.appending(path: "bram"), to: folder)
        let copy = try Replica.open(at: folder.path, rules: World.rules)
        let (first, second) = (World.fresh(), World.fresh())
        _ = try await bram.record([Note.draft(first, "origineel", in: bram, for: workgroup)])
        _ = try await copy.record([Note.draft(second, "kopie", in: copy, for: workgroup)])
        for replica in [bram, copy] { try await sync(replica, world.workspace) }
        #expect(copy.identity.replica != bram.identity.replica)
        let restored = try await Restored(world, backup)
        let link = try await restored.link(for: "Bram").link
        // The copy first: the server is to know what it went on from.
        let devices = [try await enrol(copy, link), try await enrol(bram, link)]
        for replica in devices + devices {
            let report = await replica.exchange(over: try replica.connection())
            #expect(report.isComplete, "\(String(describing: report.error))")
        }
        for replica in devices {
            #expect(try await text(first, in: replica) == "origineel")
            #expect(try await text(second, in: replica) == "kopie")
        }
        #expect(try await restored.workspace.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// Nobody takes over a folder of a device that is known, nor sends its key to another server.
    @Test func whatIsKnownIsNotEnrolledAgain() async throws {
        let world = try await World.open()
        let anna = try await world.enrol(try await world.person("Anna", [.workgroup]), as: "anna")
        let other = try await world.person("Bram", [.workgroup])
        let link = try await world.link(for: other)
        await #expect(throws: ReplicaError(.exists, "")) { try await enrol(anna, link.text) }
        let elsewhere = EnrolmentLink(secret: link.secret, fingerprint: .zero, address: link.address)
        await #expect(throws: ReplicaError(.exists, "")) { try await enrol(anna, elsewhere.text) }
        let identity = anna.identity
        #expect(try Replica.open(at: anna.folder, rules: World.rules).identity == identity)
        // The invitation is still good.
        _ = try await world.enrol(other, as: "bram")
        try await world.close()
    }
}
