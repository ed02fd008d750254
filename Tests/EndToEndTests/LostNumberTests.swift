import ChangeLog
import Foundation
import Merging
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing

/// Own edits whose contents a device deleted, and which a restored server lost: their author cannot give them back, and
/// whoever can may do so at any moment (P-137).
@Suite(.serialized, .timeLimit(.minutes(2))) struct LostNumberTests {
    private let workgroup: AudienceID

    init() throws { workgroup = try #require(AudienceID("workgroup")) }

    private func sync(_ replica: Replica, _ server: SyncServer.Workspace) async throws {
        let report = await replica.exchange(over: ServerTransport(server).of(replica))
        if let error = report.error { throw error }
    }

    private func write(_ note: RecordID, _ text: String, isText: Bool, in replica: Replica) async throws {
        let step: DraftOperation =
            isText
            ? .text(note, AnnotationField.body, text)
            : .operation(.write(note, AnnotationField.quote, .register, .text(text)))
        _ = try await replica.record([Draft(audience: workgroup, operations: [step])])
    }

    /// All that stands in a field, in dispute or not.
    private func values(_ note: RecordID, isText: Bool, in replica: Replica) async throws -> Set<String> {
        let workgroup = workgroup
        return try await replica.read { reader in
            let merged = try reader.merged(note, in: workgroup)
            if isText { return Set([merged?[AnnotationField.body]?.value?.text].compactMap(\.self)) }
            let field = merged?[AnnotationField.quote]
            let standing = field?.history.filter { $0.outcome == .shown || $0.outcome == .candidate } ?? []
            return Set(standing.compactMap { $0.value?.text })
        }
    }

    /// P-137: a retired device deleted its edit; the server is restored from before all of it. What its author writes
    /// there now hides nothing that he does not see, whoever comes first.
    @Test(arguments: [true, false], [true, false])
    func whatAnotherGivesBackIsNotHidden(isText: Bool, isOfferedFirst: Bool) async throws {
        let world = try await World.open()
        let anna = try await world.enrol(try await world.person("Anna", [.workgroup]), as: "anna")
        let bram = try await world.enrol(try await world.person("Bram", [.workgroup]), as: "bram")
        let note = World.fresh()
        _ = try await bram.record([Note.draft(note, "begin", in: bram, for: workgroup)])
        try await write(note, "begin", isText: true, in: bram)
        for replica in [bram, anna] { try await sync(replica, world.workspace) }
        let backup = Backup.cheap(in: world)
        _ = try await backup.write(server: world.workspace)
        try await write(note, isText ? "eerder begin" : "eerder", isText: isText, in: bram)
        for replica in [bram, anna] { try await sync(replica, world.workspace) }
        try await world.workspace.service.revoke(device: bram.identity.device, lost: false)
        try await sync(bram, world.workspace)

        let restored = try await backup.restored(in: world)
        try await sync(bram, restored)
        #expect(try await values(note, isText: isText, in: bram) == ["begin"])
        try await write(note, isText ? "begin later" : "later", isText: isText, in: bram)
        for replica in isOfferedFirst ? [anna, bram] : [bram, anna] { try await sync(replica, restored) }
        for replica in [bram, anna, bram] { try await sync(replica, restored) }
        let expected: Set<String> = isText ? ["eerder begin later"] : ["eerder", "later"]
        for replica in [anna, bram] {
            #expect(try await values(note, isText: isText, in: replica) == expected)
            let counts = try await replica.read { try $0.counts() }
            #expect(counts.queued == 0 && counts.tray == 0)
        }
        let (one, other) = (try await anna.digest(), try await bram.digest())
        #expect(
            one.audiences.first { $0.audience == workgroup }
                == other.audiences.first { $0.audience == workgroup })
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// P-137: until then nothing is written over what is not there, and what has later numbers keeps them.
    @Test func whatWasMadeSinceStaysInItsPlace() async throws {
        let world = try await World.open()
        let bram = try await world.person("Bram", [.workgroup, .reviewer])
        let laptop = try await world.enrol(bram, as: "laptop")
        func roles(_ roles: [Role]) -> ChangeLog.Operation {
            .write(bram, PersonField.roles, .decided, .list(roles.map { .text($0.rawValue) }))
        }
        let (note, own) = (World.fresh(), World.fresh())
        _ = try await laptop.record([Note.draft(note, "begin", in: laptop, for: workgroup)])
        try await sync(laptop, world.workspace)
        let backup = Backup.cheap(in: world)
        _ = try await backup.write(server: world.workspace)
        try await write(note, "verloren", isText: false, in: laptop)
        let audience = AudienceID(family: "person", bram)
        _ = try await laptop.record([Note.draft(own, "van mij", in: laptop)])
        func tell(_ text: String, on view: OfflineReplica.View? = nil) async throws {
            _ = try await laptop.record(
                [Draft(audience: audience, operations: [.text(own, AnnotationField.body, text)])], on: view)
        }
        try await tell("een")
        try await sync(laptop, world.workspace)
        try await world.author([roles([.reviewer])])
        try await sync(laptop, world.workspace)

        let restored = try await backup.restored(in: world)
        // Decided anew: what the laptop has seen takes nothing away.
        _ = try await restored.service.author([
            (audience: Roster.audience, operations: [roles([.workgroup, .reviewer])])
        ])
        let old = laptop.identity.replica
        var report = ExchangeReport()
        try await laptop.pull(
            over: ServerTransport(restored).of(laptop), isLive: false, into: &report)
        let error = await #expect(throws: Reason.self) {
            try await write(note, "te vroeg", isText: false, in: laptop)
        }
        #expect(error?.code == "audience.arriving")
        let form = try await laptop.view()
        try await sync(laptop, restored)
        #expect(laptop.identity.replica != old)
        // The form shows a text whose edits its view names no more.
        let stale = await #expect(throws: Reason.self) { try await tell("een twee", on: form) }
        #expect(stale?.code == "base.epoch")
        try await tell("een twee")
        try await write(note, "later", isText: false, in: laptop)
        try await sync(laptop, restored)
        let body = try await laptop.read { try $0.merged(own, in: audience)?[AnnotationField.body]?.value }
        #expect(body?.text == "een twee")
        #expect(try await values(note, isText: false, in: laptop) == ["later"])
        let counts = try await laptop.read { try $0.counts() }
        #expect(counts.queued == 0 && counts.tray == 0 && counts.conflicts == 0)
        // Each under its number: the note, its body, and what was added now.
        #expect(try await laptop.digest().audiences.first { $0.audience == audience }?.changes == 3)
        let replica = laptop.identity.replica
        for _ in 0..<2 { try await sync(laptop, restored) }
        #expect(laptop.identity.replica == replica)
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }

    /// P-006, P-116: of an action in two audiences one was revoked, and a restored server lost both.
    @Test func whatIsLeftOfAnActionDoesNotWaitForWhatIsDeleted() async throws {
        let world = try await World.open()
        let bram = try await world.person("Bram", [.workgroup, .reviewer])
        let laptop = try await world.enrol(bram, as: "laptop")
        func roles(_ roles: [Role]) -> ChangeLog.Operation {
            .write(bram, PersonField.roles, .decided, .list(roles.map { .text($0.rawValue) }))
        }
        let backup = Backup.cheap(in: world)
        _ = try await backup.write(server: world.workspace)
        let own = World.fresh()
        // A change before it in the same chain, which is deleted too.
        _ = try await laptop.record([Note.draft(World.fresh(), "eerst", in: laptop, for: workgroup)])
        _ = try await laptop.record([
            Note.draft(World.fresh(), "samen", in: laptop, for: workgroup),
            Note.draft(own, "van mij", in: laptop),
        ])
        try await sync(laptop, world.workspace)
        try await world.author([roles([.reviewer])])
        try await sync(laptop, world.workspace)
        let restored = try await backup.restored(in: world)
        for _ in 0..<2 { try await sync(laptop, restored) }
        let counts = try await laptop.read { try $0.counts() }
        #expect(counts.queued + counts.waiting + counts.held == 0)
        let tray = try await laptop.read { try $0.tray() }
        #expect(tray.map(\.reason.code) == ["group.member"])
        try await laptop.retry(try #require(tray.first).entry)
        try await sync(laptop, restored)
        #expect(try await Note.text(own, in: laptop) == "van mij")
        #expect(try await restored.service.verify().isSound)
        await restored.close()
        try await world.close()
    }
}
