import ChangeLog
import Cryptography
import Foundation
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing

/// A server whose files were put back, which nobody tells it, and what it had said in answer to a push alone: no signed
/// head that a device knows covers that.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ForgetfulServerTests {
    private struct Scene {
        let world: World
        let laptop: Replica
        let desktop: Replica
        let backup: Backup
        let before: ServerTransport
        private let copy: URL

        init() async throws {
            world = try await World.open()
            let person = try await world.person("Anna", [.workgroup])
            laptop = try await world.enrol(person, as: "laptop")
            desktop = try await world.enrol(person, as: "desktop")
            before = ServerTransport(world.workspace)
            for replica in [laptop, desktop] { _ = await replica.exchange(over: before.of(replica)) }
            backup = Backup(
                at: world.folder.appending(path: "backup").path,
                passphrase: Array("een zin die niemand raadt".utf8),
                cost: PassphraseCost(logarithm: 4, blocks: 1, lanes: 1))
            _ = try await backup.write(server: world.workspace)
            copy = world.folder.appending(path: "copy")
            try FileManager.default.copyItem(
                atPath: world.workspace.folder.path, toPath: copy.path)
        }

        /// The server as it was when all this began.
        func putBack() async throws -> SyncServer.Workspace {
            try #require(
                try await Workspace.open(
                    at: copy.path, rules: World.rules, environment: world.workspace.environment))
        }
    }

    /// P-136. Found by a simulation, with a refused half of a group before a later edit.
    @Test func whatItNeverHadIsSentAgain() async throws {
        let scene = try await Scene()
        let laptop = scene.laptop
        let taken = try await laptop.record([Note.draft(World.fresh(), "weg", in: laptop)])
        #expect(try await laptop.takeBack(try #require(taken.first)))
        // That it has no contents is all that the server said of it.
        #expect(await laptop.exchange(over: scene.before.of(laptop)).isComplete)

        let old = try await scene.putBack()
        let after = ServerTransport(old)
        let note = World.fresh()
        _ = try await laptop.record([Note.draft(note, "later", in: laptop)])
        for _ in 0..<2 { #expect(await laptop.exchange(over: after.of(laptop)).isComplete) }
        let counts = try await laptop.read { try $0.counts() }
        #expect(counts.waiting + counts.queued + counts.held == 0)
        #expect(await scene.desktop.exchange(over: after.of(scene.desktop)).isComplete)
        #expect(try await Note.text(note, in: scene.desktop) == "later")
        await old.close()
        try await scene.world.close()
    }

    /// P-136. Found by a simulation: what was told as accepted was in nobody's order, and nobody knew.
    ///
    /// - Parameter isTaken: whether another change has got its position since.
    @Test(arguments: [false, true])
    func whatItAcceptedAndForgotIsFoundOut(isTaken: Bool) async throws {
        let scene = try await Scene()
        let laptop = scene.laptop
        let note = World.fresh()
        _ = try await laptop.record([Note.draft(note, "beloofd", in: laptop)])
        let cut = await laptop.exchange(over: CutTransport(through: scene.before.of(laptop)))
        #expect(cut.accepted == 1 && (cut.error as? ConnectionError)?.code == .interrupted)

        let old = try await scene.putBack()
        let after = ServerTransport(old)
        if isTaken {
            _ = try await scene.desktop.record([Note.draft(World.fresh(), "ander", in: scene.desktop)])
            #expect(await scene.desktop.exchange(over: after.of(scene.desktop)).isComplete)
        }
        for _ in 0..<2 {
            let report = await laptop.exchange(over: after.of(laptop))
            #expect((report.error as? ReplicaError)?.code == .evidence)
        }
        #expect(try await Note.text(note, in: laptop) == "beloofd")
        await old.close()

        // Restored as it should be, it is given back what it lost.
        let restored = try await scene.backup.restore(
            to: scene.world.folder.appending(path: "restored").path, rules: World.rules,
            environment: scene.world.workspace.environment
        ).workspace
        let mended = ServerTransport(restored)
        for replica in [laptop, scene.desktop] {
            #expect(await replica.exchange(over: mended.of(replica)).isComplete)
            #expect(try await Note.text(note, in: replica) == "beloofd")
        }
        await restored.close()
        try await scene.world.close()
    }
}

/// Ends behind the answer to the first push.
final class CutTransport: FrameTransport {
    private let through: ServerTransport
    private let hasPushed = Flag()

    init(through: ServerTransport) { self.through = through }

    private actor Flag {
        private(set) var isOn = false
        func set() { isOn = true }
    }

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        guard await !hasPushed.isOn else { throw ConnectionError(.interrupted, "The connection is gone") }
        if path == "/push" { await hasPushed.set() }
        try await through.converse(path, sending: frames, receive: receive)
    }
}
