import ChangeLog
import Foundation
import Merging
import Nominations
import OfflineReplica
import SyncServer
import Testing
import TransparencyLog
import VoordrachtClient

/// A server whose disk was put back, and which has taken in other changes before anybody who knew more came: what its
/// administrator declares, and how all go on.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ForkTests {
    private let workgroup: AudienceID

    init() throws { workgroup = try #require(AudienceID("workgroup")) }

    /// Anna and Bram go on with a server, whose folder is put back then; Carla and Dirk come there first.
    private struct Scene {
        let world: World
        let people: [Replica]
        /// What all have seen.
        let note: RecordID
        private let copy: URL

        var anna: Replica { people[0] }
        var bram: Replica { people[1] }
        var carla: Replica { people[2] }
        var dirk: Replica { people[3] }
        var folder: String { copy.path }

        init(for audience: AudienceID) async throws {
            world = try await World.open()
            var people: [Replica] = []
            for name in ["Anna", "Bram", "Carla", "Dirk"] {
                people.append(
                    try await world.enrol(try await world.person(name, [.workgroup]), as: name))
            }
            self.people = people
            note = World.fresh()
            _ = try await people[0].record([Note.draft(note, "begin", in: people[0], for: audience)])
            let transport = ServerTransport(world.workspace)
            for replica in people + people {
                #expect(await replica.exchange(over: transport.of(replica)).isComplete)
            }
            copy = world.folder.appending(path: "copy")
            try FileManager.default.copyItem(atPath: world.workspace.folder.path, toPath: copy.path)
        }

        func opened() async throws -> SyncServer.Workspace {
            try #require(
                try await Workspace.open(
                    at: copy.path, rules: World.rules, environment: world.workspace.environment))
        }

        /// The server as it was, until the body is done with it: then nobody has its folder any more.
        func putBack<Result>(_ body: (SyncServer.Workspace) async throws -> Result) async throws -> Result {
            let old = try await opened()
            let result = try await body(old)
            await old.close()
            return result
        }

        func declared(_ past: SharedPast) async throws -> EpochRecord {
            try await Workspace.declareFork(
                at: copy.path, sharing: past, rules: World.rules, environment: world.workspace.environment)
        }
    }

    private func sync(_ replica: Replica, _ server: SyncServer.Workspace) async throws {
        let report = await replica.exchange(over: ServerTransport(server).of(replica))
        if let error = report.error { throw error }
    }

    private func write(_ text: String, _ note: RecordID, in replica: Replica) async throws {
        _ = try await replica.record([Draft(workgroup, [.text(note, AnnotationField.body, text)])])
    }

    private func body(_ note: RecordID, in replica: Replica) async throws -> String? {
        let workgroup = workgroup
        return try await replica.read {
            try $0.merged(note, in: workgroup)?[AnnotationField.body]?.value?.text
        }
    }

    private func quote(_ note: RecordID, in replica: Replica) async throws -> String? {
        let workgroup = workgroup
        return try await replica.read {
            try $0.merged(note, in: workgroup)?[AnnotationField.quote]?.value?.text
        }
    }

    /// P-117, P-138. From both sides: who knew the lost part, and who knows what came instead of it.
    ///
    /// - Parameter isTold: whether the administrator gives what the device has told, or that nothing is shared.
    @Test(arguments: [true, false])
    func whenItIsDeclaredAllGoOnAndNothingIsLost(isTold: Bool) async throws {
        let scene = try await Scene(for: workgroup)
        let (world, anna, bram) = (scene.world, scene.anna, scene.bram)
        let known = try #require(try await anna.knownTree()).head
        let lost = World.fresh()
        _ = try await anna.record([Note.draft(lost, "van Anna", in: anna, for: workgroup)])
        for replica in [anna, bram] { try await sync(replica, world.workspace) }
        _ = try await bram.record([
            Draft(
                audience: workgroup,
                operations: [
                    .operation(.write(lost, AnnotationField.quote, .register, .text("van Bram")))
                ])
        ])
        for replica in [bram, anna] { try await sync(replica, world.workspace) }

        // The other way: texts that build on each other, so that each counts in positions of that way.
        let own = World.fresh()
        try await scene.putBack { old in
            _ = try await scene.carla.record([Note.draft(own, "van Carla", in: scene.carla, for: workgroup)])
            var words = ["een"]
            for replica in [scene.carla, scene.dirk, scene.carla, scene.dirk] {
                try await sync(replica, old)
                try await write(words.joined(separator: " "), scene.note, in: replica)
                try await sync(replica, old)
                words.append(["twee", "drie", "vier", "vijf"][words.count - 1])
            }
            _ = try await anna.record([
                Note.draft(World.fresh(), "nog niet verzonden", in: anna, for: workgroup)
            ])
            let alarm = await anna.exchange(over: ServerTransport(old).of(anna))
            #expect((alarm.error as? ReplicaError)?.code == .treeRewritten)
            let fault = try #require(try await anna.treeFaults().first)
            #expect(fault.shared == known.size && fault.declared == nil)
            #expect("\(ReplicaError(fault).message)".hasSuffix("fork --leaves \(known.size)"))
            #expect(try await anna.read { try $0.counts() }.queued == 1)
            await #expect(throws: AdministrationError(.folderBusy)) {
                try await scene.declared(.leaves(known.size))
            }
        }

        let record = try await scene.declared(.leaves(isTold ? known.size : 0))
        if isTold { #expect(record.treeSize == known.size && record.root == known.root) }
        if !isTold { #expect(record.point == .origin) }
        let server = try await scene.opened()
        for replica in scene.people + scene.people.reversed() + scene.people {
            try await sync(replica, server)
        }
        for replica in scene.people {
            let name = replica.folder
            #expect(try await quote(lost, in: replica) == "van Bram", "\(name)")
            #expect(try await quote(own, in: replica) == "van Carla", "\(name)")
            #expect(try await body(scene.note, in: replica) == "een twee drie vier", "\(name)")
            let counts = try await replica.read { try $0.counts() }
            #expect(counts.queued + counts.held + counts.waiting + counts.tray == 0, "\(name)")
            #expect(try await replica.treeFaults().allSatisfy { $0.declared == record }, "\(name)")
        }
        let digests = try await [anna.digest(), bram.digest(), scene.carla.digest(), scene.dirk.digest()]
        #expect(Set(digests.map { $0.audiences.first { $0.audience == workgroup }?.digest }).count == 1)
        #expect(try await server.service.verify().isSound)
        try await expectSettled(anna)
        await server.close()
        try await world.close()
    }

    /// The alarm is over, and the person is told so, in both languages.
    private func expectSettled(_ replica: Replica) async throws {
        let voordracht = try Voordracht.open(at: replica.folder)
        var told: [String] = []
        for language in [Language.dutch, .english] {
            let status = try await voordracht.status(in: language)
            #expect(status.warnings.isEmpty && status.notices.map(\.code) == ["tree.declared"])
            told += status.notices.map(\.message)
        }
        #expect(told[0].contains("teruggezet") && told[1].contains("put back"))
    }

    /// P-138: a device that joins later reads the same as those who were there.
    @Test func whoJoinsLaterComesToTheSame() async throws {
        let scene = try await Scene(for: workgroup)
        let anna = scene.anna
        try await sync(anna, scene.world.workspace)
        let known = try #require(try await anna.knownTree()).head
        try await scene.putBack { old in
            for (replica, text) in [
                (scene.carla, "een"), (scene.dirk, "een twee"), (scene.carla, "een twee drie"),
            ] {
                try await sync(replica, old)
                try await write(text, scene.note, in: replica)
                try await sync(replica, old)
            }
        }
        _ = try await scene.declared(.leaves(known.size))
        let server = try await scene.opened()
        for replica in [anna, scene.carla, scene.dirk] { try await sync(replica, server) }
        let late = scene.bram
        try await sync(late, server)
        #expect(try await body(scene.note, in: late) == "een twee drie")
        #expect(try await late.digest() == anna.digest())
        await server.close()
        try await scene.world.close()
    }

    /// P-136, P-138: what was told in answer to a push alone; the device names the position.
    @Test func aPromiseThatWasForgottenIsToldWithItsPosition() async throws {
        let scene = try await Scene(for: workgroup)
        let anna = scene.anna
        let note = World.fresh()
        _ = try await anna.record([Note.draft(note, "beloofd", in: anna, for: workgroup)])
        let cut = CutTransport(through: ServerTransport(scene.world.workspace).of(anna))
        #expect(await anna.exchange(over: cut).accepted == 1)
        let promised = await scene.world.workspace.service.head().1.value
        try await scene.putBack { old in
            _ = try await scene.carla.record([
                Note.draft(World.fresh(), "ander", in: scene.carla, for: workgroup)
            ])
            try await sync(scene.carla, old)
            let alarm = await anna.exchange(over: ServerTransport(old).of(anna)).error as? ReplicaError
            #expect(alarm?.code == .evidence)
            #expect(alarm?.message.hasSuffix("fork --position \(promised - 1)") == true)
        }
        await #expect(throws: AdministrationError(.forkBeyond)) {
            try await scene.declared(.positions(9_999))
        }
        await #expect(throws: AdministrationError(.forkBeyond)) { try await scene.declared(.leaves(9_999)) }
        let record = try await scene.declared(.positions(promised - 1))
        #expect(record.point.value == promised - 1)
        let server = try await scene.opened()
        for replica in scene.people + [anna] { try await sync(replica, server) }
        for replica in scene.people { #expect(try await quote(note, in: replica) == "beloofd") }
        #expect(try await server.service.verify().isSound)
        await server.close()
        try await scene.world.close()
    }
}
