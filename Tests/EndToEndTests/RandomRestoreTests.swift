import ChangeLog
import Cryptography
import Foundation
import Merging
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing

/// Lives in which disks are copied and servers restored, in any order: nobody's edit is lost, and none comes
/// twice. The seed is printed with what fails; `RESTORED_LIVES` says how many, `RESTORED_SEED` where they begin.
@Suite(.serialized, .timeLimit(.minutes(30))) struct RandomRestoreTests {
    private static func setting(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    private static var seeds: [UInt64] {
        (0..<(setting("RESTORED_LIVES") ?? 6)).map { (setting("RESTORED_SEED") ?? 1) + $0 }
    }

    /// P-110 to P-118.
    @Test(arguments: seeds)
    func noEditIsLostAndNoneComesTwice(_ seed: UInt64) async throws {
        var life = try await RestoredLife(seed: seed)
        for _ in 0..<60 { try await life.step() }
        try await life.settle()
        try await life.check()
        try await life.end()
    }
}

/// Devices of one person, some of them copies of each other, and a server that is restored now and then.
private struct RestoredLife {
    private let seed: UInt64
    private var random: Dice
    private let world: World
    private var replicas: [Replica] = []
    private var server: SyncServer.Workspace
    private var servers = 0
    private var backups: [Backup] = []
    /// Each note that was ever recorded.
    private var notes: [RecordID] = []
    private var story: [String] = []

    private static let passphrase = Array("een zin die niemand raadt".utf8)

    /// SplitMix64: the same story for the same seed, but for ids and keys.
    private struct Dice {
        var state: UInt64

        mutating func below(_ count: Int) -> Int {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return Int((z ^ (z >> 31)) % UInt64(count))
        }
    }

    init(seed: UInt64) async throws {
        self.seed = seed
        random = Dice(state: seed)
        world = try await World.open()
        server = world.workspace
        let person = try await world.person("Anna", [.workgroup])
        for name in ["laptop", "desktop", "phone"] {
            replicas.append(try await world.enrol(person, as: name))
        }
        try await backUp()
    }

    mutating func step() async throws {
        let number = random.below(replicas.count)
        switch random.below(20) {
        case 0..<5: try await create(on: number)
        case 5..<9: try await edit(on: number)
        case 9..<17: _ = try await sync(number)
        case 17: try await backUp()
        case 18: if replicas.count < 6 { try await copy(number) }
        default: try await restore()
        }
    }

    private mutating func create(on number: Int) async throws {
        let note = World.fresh()
        notes.append(note)
        story.append("\(number) makes note \(notes.count)")
        _ = try await replicas[number].record([Note.draft(note, "\(notes.count)", in: replicas[number])])
    }

    /// Of a note that is in view there: its text, or what it quotes.
    private mutating func edit(on number: Int) async throws {
        let replica = replicas[number]
        let audience = AudienceID(family: "person", replica.identity.person)
        let start = random.below(max(notes.count, 1))
        for note in notes[min(start, notes.count)...] {
            let merged = try await replica.read { try $0.merged(note, in: audience) }
            guard let merged, merged.creation != nil else { continue }
            let body = merged[AnnotationField.body]?.value?.text ?? ""
            let isText = random.below(2) == 0
            story.append("\(number) edits note \((notes.firstIndex(of: note) ?? 0) + 1)")
            let word = "\(story.count) "
            _ = try await replica.record([
                Draft(
                    audience: audience,
                    operations: [
                        isText
                            ? .text(note, AnnotationField.body, word + body)
                            : .operation(.write(note, AnnotationField.quote, .register, .text(word)))
                    ])
            ])
            return
        }
    }

    private mutating func sync(_ number: Int) async throws -> ExchangeReport {
        let report = await replicas[number].exchange(over: ServerTransport(server).of(replicas[number]))
        story.append("\(number) syncs: \(report.accepted) accepted, \(report.refused) refused")
        if let error = report.error {
            throw Reason(code: "seed \(seed)", message: "\(error) after \(story)", remedy: "")
        }
        return report
    }

    private mutating func backUp() async throws {
        let file = world.folder.appending(path: "backup \(backups.count)").path
        let backup = Backup(
            at: file, passphrase: Self.passphrase,
            cost: PassphraseCost(logarithm: 4, blocks: 1, lanes: 1))
        _ = try backup.write(snapshot: try await SnapshotTask().perform(in: server), of: server.folder)
        story.append("backup \(backups.count)")
        backups.append(backup)
    }

    /// Of the newest backup: an older one would be of a server that nobody is on any more.
    private mutating func restore() async throws {
        guard let backup = backups.last else { return }
        servers += 1
        story.append("restore \(servers)")
        let restored = try await backup.restore(
            to: world.folder.appending(path: "server \(servers)").path, rules: World.rules,
            environment: world.workspace.environment)
        if servers > 1 { await server.close() }
        server = restored.workspace
        try await backUp()
    }

    private mutating func copy(_ number: Int) async throws {
        let other = world.folder.appending(path: "copy \(replicas.count)")
        try FileManager.default.copyItem(at: URL(filePath: replicas[number].folder), to: other)
        story.append("\(replicas.count) is a copy of \(number)")
        replicas.append(try Replica.open(at: other.path, rules: World.rules))
    }

    mutating func settle() async throws {
        for _ in 0..<4 { for number in replicas.indices { _ = try await sync(number) } }
    }

    func check() async throws {
        let audience = AudienceID(family: "person", replicas[0].identity.person)
        let digest = try await replicas[0].digest()
        for replica in replicas {
            let counts = try await replica.read { try $0.counts() }
            #expect(counts.queued + counts.held + counts.waiting == 0, "seed \(seed): \(story)")
            #expect(try await replica.digest() == digest, "seed \(seed): \(story)")
            #expect(try await replica.treeFaults().isEmpty, "seed \(seed): \(story)")
            let log = try await replica.read { try $0.log(limit: 10_000) }
            for (index, note) in notes.enumerated() {
                let makings = log.filter { entry in
                    entry.status.state == .accepted
                        && entry.change?.operations.contains {
                            if case .create(note, _, _, _) = $0 { true } else { false }
                        } ?? false
                }
                #expect(
                    makings.count == 1, "seed \(seed): note \(index + 1) \(makings.count) times: \(story)")
                #expect(try await replica.read { try $0.merged(note, in: audience) } != nil)
            }
        }
        #expect(try await server.service.verify().isSound, "seed \(seed): \(story)")
    }

    func end() async throws {
        for replica in replicas { try replica.close() }
        if servers > 0 { await server.close() }
        try await world.close()
    }
}
