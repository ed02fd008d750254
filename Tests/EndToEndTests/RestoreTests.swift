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

/// A server that is restored from an older backup, and the devices that had gone on with it.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RestoreTests {
    private let passphrase = Array("een zin die niemand raadt".utf8)
    private let cheap = PassphraseCost(logarithm: 4, blocks: 1, lanes: 1)

    private func sync(_ replica: Replica, _ transport: ServerTransport) async throws -> ExchangeReport {
        let report = await replica.exchange(over: transport.of(replica))
        if let error = report.error { throw error }
        return report
    }

    /// Regression 12. P-114, P-115, P-116.
    @Test func whatARestoredServerLostIsOfferedAgainAndComesOnce() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let laptop = try await world.enrol(person, as: "laptop")
        let desktop = try await world.enrol(person, as: "desktop")
        let inherited = World.fresh()
        _ = try await laptop.record([Note.draft(inherited, "voor de reservekopie", in: laptop)])
        var transport = ServerTransport(world.workspace)
        for replica in [laptop, desktop] { _ = try await sync(replica, transport) }

        let file = world.folder.appending(path: "backup").path
        let backup = Backup(at: file, passphrase: passphrase, cost: cheap)
        let head = try await backup.write(server: world.workspace)

        let (mine, theirs) = (World.fresh(), World.fresh())
        _ = try await laptop.record([Note.draft(mine, "van de laptop", in: laptop)])
        _ = try await desktop.record([Note.draft(theirs, "van de desktop", in: desktop)])
        for replica in [laptop, desktop, laptop] { _ = try await sync(replica, transport) }
        _ = try await laptop.record([Note.draft(World.fresh(), "nog niet verzonden", in: laptop)])
        let before = try await laptop.view().epoch

        let (restored, record) = try await backup.restore(
            to: world.folder.appending(path: "restored").path, rules: World.rules,
            environment: world.workspace.environment)
        #expect(record.point == head && record.parent == before && record.epoch != before)
        transport = ServerTransport(restored)
        let report = try await sync(laptop, transport)
        #expect(report.restoration?.epoch == record.epoch)
        #expect(report.restoration?.offered == 1)
        for replica in [desktop, laptop, desktop] { _ = try await sync(replica, transport) }
        for replica in [laptop, desktop] {
            #expect(try await replica.view().epoch == record.epoch)
            #expect(try await Note.text(inherited, in: replica) == "voor de reservekopie")
            #expect(try await Note.text(mine, in: replica) == "van de laptop")
            #expect(try await Note.text(theirs, in: replica) == "van de desktop")
            let counts = try await replica.read { try $0.counts() }
            #expect(counts.queued == 0 && counts.tray == 0)
            #expect(try await replica.treeFaults().isEmpty)
        }
        let (one, other) = (try await laptop.digest(), try await desktop.digest())
        #expect(one == other)
        // Each of the four edits once, and once only.
        #expect(one.audiences.first { $0.audience.family == "person" }?.changes == 4)
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// A laptop and a desktop of one person, a backup, and what a restored server of it is reached over.
    struct Scene {
        let world: World
        let laptop: Replica
        let desktop: Replica
        let backup: Backup

        func restored() async throws -> SyncServer.Workspace {
            try await backup.restore(
                to: world.folder.appending(path: "restored").path, rules: World.rules,
                environment: world.workspace.environment
            ).workspace
        }
    }

    static func scene() async throws -> Scene {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let laptop = try await world.enrol(person, as: "laptop")
        let desktop = try await world.enrol(person, as: "desktop")
        let backup = Backup.cheap(in: world)
        _ = try await backup.write(server: world.workspace)
        return Scene(world: world, laptop: laptop, desktop: desktop, backup: backup)
    }

    /// P-116, P-118: edits of two people that build on each other, given back by one of them.
    @Test(arguments: [true, false])
    func editsThatBuildOnEachOtherFindTheirPlaces(isTheirsBelow: Bool) async throws {
        let world = try await World.open()
        let anna = try await world.enrol(try await world.person("Anna", [.workgroup]), as: "anna")
        let other = try await world.person("Bram", [.workgroup])
        var bram = try await world.enrol(other, as: "bram")
        // Ids are random, and both orders of them are to be seen.
        while (bram.identity.replica < anna.identity.replica) != isTheirsBelow {
            bram = try await world.enrol(other, as: "bram \(World.fresh())")
        }
        let workgroup = try #require(AudienceID("workgroup"))
        let backup = Backup(
            at: world.folder.appending(path: "backup").path, passphrase: passphrase, cost: cheap)
        _ = try await backup.write(server: world.workspace)
        let (first, second) = (World.fresh(), World.fresh())
        func write(_ note: RecordID, _ text: String) -> DraftOperation {
            .operation(.write(note, AnnotationField.quote, .register, .text(text)))
        }
        let before = ServerTransport(world.workspace)
        _ = try await anna.record([Note.draft(first, "een", in: anna, for: workgroup)])
        for replica in [anna, bram] { _ = try await sync(replica, before) }
        var draft = Note.draft(second, "twee", in: bram, for: workgroup)
        draft.operations.append(write(first, "een, zegt Bram"))
        _ = try await bram.record([draft])
        for replica in [bram, anna] { _ = try await sync(replica, before) }
        _ = try await anna.record([
            Draft(audience: workgroup, operations: [write(second, "twee, zegt Anna")])
        ])
        for replica in [anna, bram] { _ = try await sync(replica, before) }
        let restored = try await backup.restore(
            to: world.folder.appending(path: "restored").path, rules: World.rules,
            environment: world.workspace.environment
        ).workspace
        // Anna stays away.
        _ = try await sync(bram, ServerTransport(restored))
        #expect(try await restored.service.held().isEmpty)
        let shown = try await bram.read { reader in
            try [first, second].map {
                try reader.merged($0, in: workgroup)?[AnnotationField.quote]?.value?.text
            }
        }
        #expect(shown == ["een, zegt Bram", "twee, zegt Anna"])
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// P-116: what the person has known for long is no news.
    @Test(arguments: [true, false])
    func aRefusalThatLiesInTheTrayIsNotToldAgain(isInBackup: Bool) async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        try (try await world.enrol(person, as: "laptop")).close()
        // An older program, which does not see that the server will refuse it.
        let lax = DomainRules(
            schema: World.rules.schema, admit: { _, _ in .accept }, mayRead: World.rules.mayRead)
        let laptop = try Replica.open(at: world.folder.appending(path: "laptop").path, rules: lax)
        let backup = Backup(
            at: world.folder.appending(path: "backup").path, passphrase: passphrase, cost: cheap)
        if !isInBackup { _ = try await backup.write(server: world.workspace) }
        let note = World.fresh()
        var draft = Note.draft(note, "boos", in: laptop)
        draft.operations.append(
            .operation(.write(note, AnnotationField.stance, .register, .text("furious"))))
        _ = try await laptop.record([draft])
        #expect(try await sync(laptop, ServerTransport(world.workspace)).refused == 1)
        if isInBackup { _ = try await backup.write(server: world.workspace) }
        let restored = try await backup.restore(
            to: world.folder.appending(path: "restored").path, rules: World.rules,
            environment: world.workspace.environment
        ).workspace
        let report = try await sync(laptop, ServerTransport(restored))
        #expect(report.restoration != nil && report.refused == 0)
        #expect(try await laptop.read { try $0.tray() }.map(\.reason.code) == ["field.choice"])
        #expect(try await laptop.read { try $0.counts() }.queued == 0)
        await restored.close()
        try await world.close()
    }

    /// Regression 12. P-116: the author never comes back; who was delivered it gives it to the server.
    @Test func whatOthersHoldOfALostDeviceIsOfferedWithItsSignature() async throws {
        let scene = try await Self.scene()
        let (laptop, desktop) = (scene.laptop, scene.desktop)
        let before = ServerTransport(scene.world.workspace)
        let notes = [World.fresh(), World.fresh(), World.fresh()]
        for note in notes {
            _ = try await laptop.record([Note.draft(note, "van de laptop", in: laptop)])
            _ = try await sync(laptop, before)
        }
        _ = try await sync(desktop, before)
        try laptop.close()
        let restored = try await scene.restored()
        let after = ServerTransport(restored)
        _ = try await sync(desktop, after)
        for note in notes { #expect(try await Note.text(note, in: desktop) == "van de laptop") }
        #expect(await restored.service.head().1 > Position(3))
        // Once, however often.
        let head = await restored.service.head().1
        _ = try await sync(desktop, after)
        #expect(await restored.service.head().1 == head)
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await scene.world.close()
    }

    /// P-118: what builds on a change that is offered later waits for it.
    @Test func anEditWhoseRecordIsOfferedLaterWaitsForIt() async throws {
        let scene = try await Self.scene()
        let (laptop, desktop) = (scene.laptop, scene.desktop)
        let before = ServerTransport(scene.world.workspace)
        let note = World.fresh()
        _ = try await laptop.record([Note.draft(note, "begin", in: laptop)])
        for replica in [laptop, desktop] { _ = try await sync(replica, before) }
        let audience = AudienceID(family: "person", desktop.identity.person)
        _ = try await desktop.record([
            Draft(
                audience: audience,
                operations: [.operation(.write(note, AnnotationField.stance, .register, .text("concern")))])
        ])
        for replica in [desktop, laptop] { _ = try await sync(replica, before) }
        let restored = try await scene.restored()
        let after = ServerTransport(restored)
        // Its own edit first, on a record that is not there yet; then what it holds of the laptop.
        let report = try await sync(desktop, after)
        #expect(report.verdicts.first?.verdict.isHeld == true)
        for replica in [laptop, desktop, laptop] { _ = try await sync(replica, after) }
        for replica in [laptop, desktop] {
            let merged = try await replica.read { try $0.merged(note, in: audience) }
            #expect(merged?[AnnotationField.stance]?.value == .text("concern"))
            let counts = try await replica.read { try $0.counts() }
            #expect(counts.queued + counts.held + counts.tray == 0)
        }
        #expect(try await laptop.digest() == desktop.digest())
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await scene.world.close()
    }

    /// P-118: it does not wait for ever, and is written anew from the tray.
    @Test func anEditWhoseRecordIsNotOfferedForAMonthGoesToTheTray() async throws {
        let scene = try await Self.scene()
        let (laptop, desktop) = (scene.laptop, scene.desktop)
        let before = ServerTransport(scene.world.workspace)
        let note = World.fresh()
        _ = try await laptop.record([Note.draft(note, "begin", in: laptop)])
        for replica in [laptop, desktop] { _ = try await sync(replica, before) }
        let audience = AudienceID(family: "person", desktop.identity.person)
        _ = try await desktop.record([
            Draft(
                audience: audience,
                operations: [.operation(.write(note, AnnotationField.stance, .register, .text("concern")))])
        ])
        _ = try await sync(desktop, before)
        let restored = try await scene.restored()
        let after = ServerTransport(restored)
        // What it holds of the laptop does not come through.
        let cut = await desktop.exchange(over: WithoutOffers(transport: after.of(desktop)))
        #expect(cut.error != nil && cut.verdicts.first?.verdict.isHeld == true)
        func held() async throws -> Int { try await restored.service.held().count }
        for (days, expected) in [(Int64(29), 1), (2, 0)] {
            scene.world.clock.putForward(days: days)
            _ = try await restored.service.author([
                (
                    audience: Roster.audience,
                    operations: try RosterCommands.addPerson(
                        named: "Piet", roles: [.member], organisation: nil, fresh: World.fresh()
                    ).operations
                )
            ])
            #expect(try await held() == expected, "\(days) days")
        }
        _ = try await sync(desktop, after)
        let items = try await desktop.read { try $0.tray() }
        #expect(items.map(\.reason.code) == ["restore.lost"])
        for replica in [laptop, desktop] { _ = try await sync(replica, after) }
        try await desktop.retry(try #require(items.first).entry)
        for replica in [desktop, laptop] { _ = try await sync(replica, after) }
        #expect(
            try await laptop.read { try $0.merged(note, in: audience) }?[AnnotationField.stance]?.value
                == .text("concern"))
        await restored.close()
        try await scene.world.close()
    }

    /// P-111, P-115: a copy that went on after the backup is known again under its new id.
    @Test func aCopyThatWentOnAfterTheBackupGoesOn() async throws {
        let scene = try await Self.scene()
        let (laptop, world) = (scene.laptop, scene.world)
        try FileManager.default.copyItem(
            at: world.folder.appending(path: "laptop"), to: world.folder.appending(path: "copy"))
        let copy = try Replica.open(at: world.folder.appending(path: "copy").path, rules: World.rules)
        let (mine, theirs) = (World.fresh(), World.fresh())
        _ = try await laptop.record([Note.draft(theirs, "origineel", in: laptop)])
        _ = try await copy.record([Note.draft(mine, "kopie", in: copy)])
        for replica in [laptop, copy] {
            let report = await replica.exchange(over: try replica.connection())
            #expect(report.isComplete, "\(String(describing: report.error))")
        }
        let restored = try await scene.restored()
        let after = ServerTransport(restored)
        for replica in [copy, laptop, copy] { _ = try await sync(replica, after) }
        for replica in [laptop, copy] {
            #expect(try await Note.text(mine, in: replica) == "kopie")
            #expect(try await Note.text(theirs, in: replica) == "origineel")
        }
        #expect(try await laptop.digest() == copy.digest())
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// P-116: what stands behind a change that only its author has cannot be offered, and is in nobody's way.
    @Test func whatCannotBeOfferedIsLeftToItsAuthor() async throws {
        let scene = try await Self.scene()
        let (laptop, desktop) = (scene.laptop, scene.desktop)
        let before = ServerTransport(scene.world.workspace)
        let (gone, note) = (World.fresh(), World.fresh())
        let taken = try await laptop.record([Note.draft(gone, "weg", in: laptop)])
        #expect(try await laptop.takeBack(try #require(taken.first)))
        _ = try await laptop.record([Note.draft(note, "van de laptop", in: laptop)])
        for replica in [laptop, desktop] { _ = try await sync(replica, before) }
        let restored = try await scene.restored()
        let after = ServerTransport(restored)
        for replica in [desktop, laptop, desktop] { _ = try await sync(replica, after) }
        for replica in [laptop, desktop] {
            #expect(try await Note.text(note, in: replica) == "van de laptop")
            #expect(try await Note.text(gone, in: replica) == nil)
        }
        #expect(try await laptop.digest() == desktop.digest())
        await restored.close()
        try await scene.world.close()
    }

    /// P-022, P-116: what was deleted with a revoked audience keeps its place in the chain, so that later edits pass.
    @Test func whatWasDeletedHereHoldsUpNothing() async throws {
        let scene = try await Self.scene()
        let (laptop, world) = (scene.laptop, scene.world)
        let before = ServerTransport(world.workspace)
        let audience = AudienceID(family: "person", laptop.identity.person)
        _ = try await laptop.record([Note.draft(World.fresh(), "verloren", in: laptop)])
        _ = try await sync(laptop, before)
        try await laptop.revoke([audience])
        let restored = try await scene.restored()
        let after = ServerTransport(restored)
        for _ in 0..<2 { _ = try await sync(laptop, after) }
        let note = World.fresh()
        _ = try await laptop.record([Note.draft(note, "later", in: laptop)])
        for _ in 0..<2 { _ = try await sync(laptop, after) }
        #expect(try await Note.text(note, in: laptop) == "later")
        let counts = try await laptop.read { try $0.counts() }
        #expect(counts.queued + counts.waiting + counts.held == 0)
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// P-115: the server that was restored from is started again by mistake.
    @Test func theServerOfBeforeIsNotTakenForARestoredOne() async throws {
        let scene = try await Self.scene()
        let laptop = scene.laptop
        let before = ServerTransport(scene.world.workspace)
        _ = try await laptop.record([Note.draft(World.fresh(), "een", in: laptop)])
        _ = try await sync(laptop, before)
        let restored = try await scene.restored()
        let after = ServerTransport(restored)
        _ = try await sync(laptop, after)
        let digest = try await laptop.digest()
        let report = await laptop.exchange(over: before.of(laptop))
        #expect((report.error as? ReplicaError)?.code == .epoch)
        #expect(try await laptop.digest() == digest)
        _ = try await sync(laptop, after)
        await restored.close()
        try await scene.world.close()
    }

    /// Regression 19. P-003, P-117: a form that was open while the server was restored.
    @Test func aFormThatWasOpenKeepsWhatItShowedOfWhatIsLeft() async throws {
        let scene = try await Self.scene()
        let (laptop, desktop, world) = (scene.laptop, scene.desktop, scene.world)
        let before = ServerTransport(world.workspace)
        let audience = AudienceID(family: "person", laptop.identity.person)
        let note = World.fresh()
        func write(_ text: String) -> Draft {
            let operation = ChangeLog.Operation.write(note, AnnotationField.quote, .register, .text(text))
            return Draft(audience: audience, operations: [.operation(operation)])
        }
        _ = try await laptop.record([Note.draft(note, "begin", in: laptop)])
        for replica in [laptop, desktop] { _ = try await sync(replica, before) }
        // What the form shows has a place; what the desktop writes meanwhile is not in it.
        let form = try await laptop.view()
        _ = try await desktop.record([write("van de desktop")])
        for replica in [desktop, laptop] { _ = try await sync(replica, before) }
        let later = try await laptop.view()
        let restored = try await scene.restored()
        let after = ServerTransport(restored)
        for replica in [laptop, desktop, laptop] { _ = try await sync(replica, after) }
        _ = try await laptop.record([write("van de laptop")], on: form)
        let merged = try await laptop.read { try $0.merged(note, in: audience) }
        #expect(merged?[AnnotationField.quote]?.conflicts.count == 1)
        // A text is another matter, where its author may have read what was lost.
        let text = DraftOperation.text(note, AnnotationField.quote, "anders")
        let error = await #expect(throws: Reason.self) {
            try await laptop.record([Draft(audience: audience, operations: [text])], on: later)
        }
        #expect(error?.code == "base.epoch")
        for replica in [laptop, desktop] { _ = try await sync(replica, after) }
        #expect(try await laptop.read { try $0.tray() }.isEmpty)
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// P-117: a new epoch is no excuse for another past.
    @Test func aSignedEpochWithAnotherPastIsARewrittenPast() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let replica = try await world.enrol(person, as: "laptop")
        let transport = ServerTransport(world.workspace)
        _ = try await replica.record([Note.draft(World.fresh(), "een", in: replica)])
        for _ in 0..<2 { _ = try await sync(replica, transport) }
        let known = try #require(try await replica.knownTree())
        let liar = LyingTransport(
            through: transport, epoch: known.head.epoch, key: world.workspace.identity.signingKey,
            treeSize: known.head.size)
        let report = await replica.exchange(over: liar)
        #expect((report.error as? ReplicaError)?.code == .treeSplit)
        #expect(try await replica.treeFaults().count == 1)
        try await world.close()
    }

    /// P-115: an epoch that the server did not sign is not believed, and nothing is given up for it.
    @Test func anEpochThatNobodySignedChangesNothing() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let replica = try await world.enrol(person, as: "laptop")
        _ = try await replica.record([Note.draft(World.fresh(), "een", in: replica)])
        let transport = ServerTransport(world.workspace)
        _ = try await sync(replica, transport)
        let before = try await replica.digest()
        let liar = LyingTransport(through: transport, epoch: before.epoch)
        let report = await replica.exchange(over: liar)
        #expect((report.error as? ReplicaError)?.code == .treeUnsigned)
        #expect(try await replica.digest() == before)
        _ = try await sync(replica, transport)
        try await world.close()
    }
}

extension Backup {
    /// Sealed with little work.
    static func cheap(in world: World) -> Backup {
        Backup(
            at: world.folder.appending(path: "backup").path,
            passphrase: Array("een zin die niemand raadt".utf8),
            cost: PassphraseCost(logarithm: 4, blocks: 1, lanes: 1))
    }

    /// The server that it makes.
    func restored(in world: World) async throws -> SyncServer.Workspace {
        try await restore(
            to: world.folder.appending(path: "restored").path, rules: World.rules,
            environment: world.workspace.environment
        ).workspace
    }

    /// Of a server of this process.
    func write(server workspace: SyncServer.Workspace) async throws -> Position {
        try write(snapshot: try await SnapshotTask().perform(in: workspace), of: workspace.folder)
    }
}

/// A connection that is cut where others' changes are offered.
struct WithoutOffers: FrameTransport {
    let transport: ServerTransport

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        let offers = frames.contains { if case .offer = $0 { true } else { false } }
        guard !offers else { throw ConnectionError(.interrupted, "cut") }
        try await transport.converse(path, sending: frames, receive: receive)
    }
}

/// Says that the server was restored: with a signature of nobody, or with the server's and another past.
private struct LyingTransport: FrameTransport {
    let through: ServerTransport
    let epoch: Epoch
    var key: PrivateKey?
    var treeSize: UInt64 = 0

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        let lie = Epoch(epoch.value ^ 1)
        let cursor = Position(1 << 40)
        guard try await receive(.welcome(Welcome(epoch: lie, head: cursor, milliseconds: 0))) else { return }
        if case .hello(let hello)? = frames.first, hello.epoch == lie, let key {
            let head = TreeHead(epoch: lie, size: treeSize, root: .zero, milliseconds: 0)
            let signed = SignedTreeHead(head: head, signature: try key.sign(head.message))
            _ = try await receive(.tree(TreeComparison(signed: signed, path: [])))
            return
        }
        let record = EpochRecord(
            epoch: lie, parent: epoch, point: cursor, treeSize: treeSize, root: .zero, milliseconds: 0)
        let signature = try key?.sign(record.message) ?? [UInt8](repeating: 1, count: 64)
        _ = try await receive(.restored([SignedEpoch(record: record, signature: signature)]))
    }
}

extension Verdict {
    fileprivate var isHeld: Bool { if case .held = self { true } else { false } }
}
