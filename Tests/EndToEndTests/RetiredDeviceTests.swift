import ChangeLog
import Cryptography
import Dispatch
import Foundation
import GRDB
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Synchronization
import Testing

/// The last session of a device that goes out of use.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RetiredDeviceTests {
    private struct Scene {
        let world: World
        let old: Replica
        let new: Replica
        let audience: AudienceID
        let sent = World.fresh()
        let unsent = World.fresh()

        /// A person with two devices; the old one has a note that is known, and one that was never sent.
        init() async throws {
            world = try await World.open()
            let person = try await world.person("Anna", [.workgroup])
            old = try await world.enrol(person, as: "old")
            new = try await world.enrol(person, as: "new")
            audience = AudienceID(family: "person", person)
            _ = try await old.record([Note.draft(sent, "sent", in: old)])
            for replica in [old, new] {
                let report = await replica.exchange(over: try replica.connection())
                #expect(report.isComplete)
            }
            _ = try await old.record([Note.draft(unsent, "unsent", in: old)])
        }

        func backup() async throws -> Backup {
            let backup = Backup(
                at: world.folder.appending(path: "backup").path,
                passphrase: Array("een zin die niemand raadt".utf8),
                cost: PassphraseCost(logarithm: 4, blocks: 1, lanes: 1))
            _ = try await backup.write(server: world.workspace)
            return backup
        }

        func restored(_ backup: Backup) async throws -> SyncServer.Workspace {
            try await backup.restore(
                to: world.folder.appending(path: "restored").path, rules: World.rules,
                environment: world.workspace.environment
            ).workspace
        }

        func revoke(lost: Bool) async throws {
            try await world.workspace.service.revoke(device: old.identity.device, lost: lost)
        }

        func exchange(_ replica: Replica) async throws -> ExchangeReport {
            await replica.exchange(over: try replica.connection())
        }

        /// What the server says to the old device.
        func answers(to frame: Frame, at path: String) async throws -> [String] {
            var answers: [String] = []
            let hello = Frame.hello(try await old.hello())
            do {
                try await old.connection().converse(path, sending: [hello, frame]) { answer in
                    if case .welcome = answer {
                        answers.append("welcome")
                    } else {
                        answers.append(answer.description)
                    }
                    return true
                }
            } catch let error as ConnectionError {
                answers.append("refusal \(error.reason?.code ?? "\(error)")")
            }
            return answers
        }
    }

    // P-135
    @Test func aRetiredDeviceHandsInWhatItHasAndDeletesTheRest() async throws {
        let scene = try await Scene()
        try await scene.revoke(lost: false)
        #expect(try await scene.world.workspace.service.exposures().map(\.audience).contains(scene.audience))
        let report = try await scene.exchange(scene.old)
        #expect(report.isComplete && report.hasHandedIn && report.error == nil)
        #expect(report.held == 1 && report.purged.contains(scene.audience))
        // The words are the author's, and lie in the tray; what was accepted is gone.
        let tray = try await scene.old.read { try $0.tray() }
        #expect(tray.map(\.reason.code) == ["device.handedIn"])
        #expect(try await scene.old.read { try $0.audiences() }.isEmpty)
        #expect(try await scene.world.holding(scene.old.identity.device).isEmpty)
        #expect(try await scene.world.workspace.service.exposures().isEmpty)
        // That was the last one.
        let next = try await scene.exchange(scene.old)
        #expect((next.error as? ConnectionError)?.reason?.code == "device.closed")
        // The secretariat decides, and the other device has it then, as the author's.
        let held = try await scene.world.workspace.service.held()
        #expect(held.map(\.reason.code) == ["change.deviceRevoked"])
        try await scene.world.workspace.service.release(try #require(held.first).change)
        #expect(try await scene.exchange(scene.new).isComplete)
        #expect(try await Note.text(scene.unsent, in: scene.new) == "unsent")
        try await scene.world.close()
    }

    // P-135
    @Test func allThatWasHandedInIsLetInAtOnce() async throws {
        let scene = try await Scene()
        for number in 0..<5 {
            _ = try await scene.old.record([Note.draft(World.fresh(), "more \(number)", in: scene.old)])
        }
        try await scene.revoke(lost: false)
        #expect(try await scene.exchange(scene.old).hasHandedIn)
        let service = scene.world.workspace.service
        // What follows in one chain waits behind the first.
        let held = try await service.held()
        #expect(held.map(\.waiting) == [5])
        try await service.release(try #require(held.first).change, handedIn: true)
        #expect(try await service.held().isEmpty)
        #expect(try await scene.exchange(scene.new).isComplete)
        let digest = try await scene.new.digest().audiences.first { $0.audience == scene.audience }
        #expect(digest?.changes == 7)
        try await scene.world.close()
    }

    // P-135
    @Test func itGetsNothingAnyMore() async throws {
        let scene = try await Scene()
        let other = try await scene.world.person("Bram", [.workgroup])
        try await scene.revoke(lost: false)
        _ = try await scene.new.record([Note.draft(World.fresh(), "later", in: scene.new)])
        #expect(try await scene.exchange(scene.new).isComplete)
        let head = await scene.world.workspace.service.head().1
        // Whatever it asks for, and although it could read all of it a moment ago.
        let part = FingerprintRange(audience: scene.audience, after: .origin, through: head)
        let parts = [RangeFingerprint(range: part, fingerprint: .zero)]
        let questions: [(path: String, frame: Frame)] = [
            ("/pull", .want(Want(cursor: .origin, isLive: false, held: []))),
            ("/push", .fingerprints(parts)),
            ("/push", .offer(try #require(try await scene.old.outbox().batch))),
        ]
        for (path, frame) in questions {
            let answers = try await scene.answers(to: frame, at: path)
            #expect(answers.allSatisfy { $0 == "welcome" || $0 == "refusal device.retired" }, "\(answers)")
        }
        let report = try await scene.exchange(scene.old)
        #expect(report.received == 0 && report.hasHandedIn)
        #expect(try await scene.old.view().cursor < head)
        #expect(try await scene.old.read { try $0.name(ofPerson: other) } == nil)
        try await scene.world.close()
    }

    // P-111, P-135
    @Test func aCopyOfARetiredDeviceHandsInItsOwnToo() async throws {
        let scene = try await Scene()
        try await scene.old.read { _ in }
        let (from, to) = (
            scene.world.folder.appending(path: "old"), scene.world.folder.appending(path: "copy")
        )
        try FileManager.default.copyItem(at: from, to: to)
        let copy = try Replica.open(at: to.path, rules: World.rules)
        _ = try await scene.old.record([Note.draft(World.fresh(), "of the original", in: scene.old)])
        _ = try await copy.record([Note.draft(World.fresh(), "of the copy", in: copy)])
        try await scene.revoke(lost: false)
        // The original is cut off before it says that it is done.
        let batch = try #require(try await scene.old.outbox().batch)
        _ = try await scene.answers(to: .push(batch), at: "/push")
        let report = try await scene.exchange(copy)
        #expect(report.error == nil && report.hasHandedIn && report.continuedAs != nil)
        // What the copy went on with waits behind what they have in common.
        let held = try await scene.world.workspace.service.held()
        #expect(held.map(\.reason.code) == ["change.deviceRevoked"])
        try await scene.world.workspace.service.release(try #require(held.first).change, handedIn: true)
        #expect(try await scene.world.workspace.service.held().isEmpty)
        #expect(try await scene.exchange(scene.new).isComplete)
        let digest = try await scene.new.digest().audiences.first { $0.audience == scene.audience }
        #expect(digest?.changes == 4)
        try await scene.world.close()
    }

    // P-115, P-135
    @Test func itHandsInWhatARestoredServerLost() async throws {
        let scene = try await Scene()
        try await scene.revoke(lost: false)
        let restored = try await scene.restored(try await scene.backup())
        let report = await scene.old.exchange(over: ServerTransport(restored).of(scene.old))
        #expect(report.error == nil && report.hasHandedIn && report.restoration != nil)
        #expect(try await restored.service.held().map(\.reason.code) == ["change.deviceRevoked"])
        #expect(try await restored.service.exposures().isEmpty)
        await restored.service.close()
        try await scene.world.close()
    }

    // P-116, P-135
    @Test func whatWasHandedInAndLostByARestoreIsHandedInAgain() async throws {
        let scene = try await Scene()
        try await scene.revoke(lost: false)
        let backup = try await scene.backup()
        #expect(try await scene.exchange(scene.old).hasHandedIn)
        #expect(try await scene.world.workspace.service.held().count == 1)
        let restored = try await scene.restored(backup)
        let report = await scene.old.exchange(over: ServerTransport(restored).of(scene.old))
        #expect(report.error == nil && report.hasHandedIn)
        let held = try await restored.service.held()
        #expect(held.map(\.reason.code) == ["change.deviceRevoked"])
        #expect(held.first?.operations.isEmpty == false)
        await restored.service.close()
        try await scene.world.close()
    }

    // P-115, P-135
    @Test func itKeepsNothingOfWhatTheRestoredServerDoesNotKnow() async throws {
        let scene = try await Scene()
        try await scene.revoke(lost: false)
        let backup = try await scene.backup()
        // Retired in the backup, and for a while in use again: what came then the restored server knows nothing of.
        let device = scene.old.identity.device
        let standing = ChangeLog.Operation.write(
            device, Roster.deviceStanding, .decided, .text(Roster.active))
        try await scene.world.author([standing])
        let workgroup = try #require(AudienceID("workgroup"))
        let colleague = try await scene.world.enrol(
            try await scene.world.person("Bram", [.workgroup]), as: "colleague")
        let secret = World.fresh()
        _ = try await colleague.record([Note.draft(secret, "geheim", in: colleague, for: workgroup)])
        for replica in [colleague, scene.old] { #expect(try await scene.exchange(replica).isComplete) }
        #expect(try await scene.old.read { try $0.audiences(of: secret) } == [workgroup])
        let restored = try await scene.restored(backup)
        let report = await scene.old.exchange(over: ServerTransport(restored).of(scene.old))
        #expect(report.error == nil && report.hasHandedIn)
        try scene.old.close()
        let files = try FileManager.default.contentsOfDirectory(
            at: scene.world.folder.appending(path: "old"), includingPropertiesForKeys: nil)
        for file in files where try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
            #expect(
                try Data(contentsOf: file).range(of: Data("geheim".utf8)) == nil, "\(file.lastPathComponent)")
        }
        await restored.service.close()
        try await scene.world.close()
    }

    // P-135
    @Test func whatIsRecordedWhileItHandsInIsHandedInToo() async throws {
        let scene = try await Scene()
        try await scene.revoke(lost: false)
        let late = Note.draft(World.fresh(), "late", in: scene.old)
        let window = scene.old
        let writes = Mutex(Int?.none)
        var environment = ReplicaEnvironment.system
        // Behind the push it looks once more for what is left, and the next that it writes is the deletion.
        environment.probe = { moment in
            guard case .willWrite = moment else { return }
            let isDeletion = writes.withLock { count in
                count = count.map { $0 + 1 }
                return count == 2
            }
            if isDeletion { _ = try await window.record([late]) }
        }
        let path = scene.world.folder.appending(path: "old").path
        let handing = try Replica.open(at: path, rules: World.rules, environment: environment)
        let transport = InterruptedTransport(connection: try handing.connection()) { number in
            if number == 2 { writes.withLock { $0 = 0 } }
        }
        let report = await handing.exchange(over: transport)
        #expect(report.error == nil && report.hasHandedIn)
        #expect(Set(report.verdicts.map(\.change)).count == 2)
        #expect(writes.withLock { $0 ?? 0 } > 2)
        #expect(try await scene.world.workspace.service.held().map(\.waiting) == [1])
        try await scene.world.close()
    }

    // P-135
    @Test func itIsNotDoneWhileWhatWasDeletedCanStillBeRead() async throws {
        let scene = try await Scene()
        try await scene.revoke(lost: false)
        let path = scene.world.folder.appending(path: "old").path
        let other = try Replica.open(at: path, rules: World.rules)
        let (isReading, reading) = AsyncStream<Void>.makeStream()
        let mayEnd = DispatchSemaphore(value: 0)
        async let held: Int = other.read { reader in
            let count = try reader.audiences().count
            reading.finish()
            mayEnd.wait()
            return count
        }
        for await _ in isReading {}
        for _ in 0..<3 {
            let report = try await scene.exchange(scene.old)
            #expect((report.error as? ConnectionError)?.code == .busy && !report.hasHandedIn)
        }
        #expect(try await !scene.world.holding(scene.old.identity.device).isEmpty)
        mayEnd.signal()
        #expect(try await held > 0)
        #expect(try await scene.exchange(scene.old).hasHandedIn)
        #expect(try await scene.world.holding(scene.old.identity.device).isEmpty)
        try await scene.world.close()
    }

    // P-135
    @Test func whatIsPushedBehindTheConfirmationCounts() async throws {
        let scene = try await Scene()
        try await scene.revoke(lost: false)
        let batch = try #require(try await scene.old.outbox().batch)
        var verdicts: [VerdictEntry] = []
        try await scene.old.connection().converse(
            "/push", sending: [.hello(try await scene.old.hello()), .purged([scene.audience]), .push(batch)]
        ) { frame in
            if case .verdicts(let entries) = frame { verdicts += entries }
            return true
        }
        #expect(verdicts.count == batch.entries.count)
        let next = try await scene.exchange(scene.old)
        #expect((next.error as? ConnectionError)?.reason?.code == "device.closed")
        #expect(try await scene.world.workspace.service.held().count == 1)
        #expect(try await scene.world.workspace.service.exposures().isEmpty)
        try await scene.world.close()
    }

    // P-135
    @Test func aLastSessionThatIsCutOffGoesOn() async throws {
        let scene = try await Scene()
        try await scene.revoke(lost: false)
        // Behind the refused pull the verdict, and once that has come the confirmation, each after more bytes.
        var cuts = (verdict: 0, confirmation: 0)
        for _ in 0..<200 {
            let isQueued = try await scene.old.read { try $0.counts() }.queued > 0
            // Once the verdict passes, the confirmation comes right behind it, on a connection of its own.
            let isThrough = isQueued && cuts.verdict > 10
            let bytes = isThrough ? 0 : 60 * (isQueued ? cuts.verdict : cuts.confirmation)
            scene.world.proxy.cut(connection: isThrough ? 3 : 2, after: bytes)
            let report = try await scene.exchange(scene.old)
            #expect(!report.hasHandedIn || !scene.world.proxy.hasCut)
            scene.world.proxy.pass()
            if (report.error as? ConnectionError)?.reason?.code == "device.closed" { break }
            if isQueued { cuts.verdict += 1 } else { cuts.confirmation += 1 }
        }
        #expect(cuts.verdict > 5 && cuts.confirmation > 5, "\(cuts)")
        let last = try await scene.exchange(scene.old)
        #expect((last.error as? ConnectionError)?.reason?.code == "device.closed")
        #expect(try await scene.world.workspace.service.held().count == 1)
        #expect(try await scene.world.workspace.service.exposures().isEmpty)
        try await scene.world.close()
    }

    // P-014, P-135
    @Test func aLostDeviceHandsInNothing() async throws {
        let scene = try await Scene()
        try await scene.revoke(lost: true)
        let report = try await scene.exchange(scene.old)
        #expect((report.error as? ConnectionError)?.reason?.code == "device.lost" && !report.hasHandedIn)
        #expect(try await scene.old.read { try $0.counts() }.queued == 1)
        let exposures = try await scene.world.workspace.service.exposures()
        let exposed = try #require(exposures.first { $0.audience == scene.audience })
        #expect(exposed.changes == 1 && exposed.records == 1)
        #expect(exposures.allSatisfy { $0.device.device == scene.old.identity.device })
        try await scene.world.close()
    }
}

/// Does something between two requests.
private final class InterruptedTransport: FrameTransport {
    private let connection: ServerConnection
    private let then: @Sendable (Int) async throws -> Void
    private let count = Mutex(0)

    /// - Parameter then: called behind each request with its number, from 1.
    init(connection: ServerConnection, then: @escaping @Sendable (Int) async throws -> Void) {
        self.connection = connection
        self.then = then
    }

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        var failure: (any Error)?
        do {
            try await connection.converse(path, sending: frames, receive: receive)
        } catch { failure = error }
        let number = count.withLock { count in
            count += 1
            return count
        }
        try await then(number)
        if let failure { throw failure }
    }
}
