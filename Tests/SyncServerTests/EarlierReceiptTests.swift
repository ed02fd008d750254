import ChangeLog
import Cryptography
import Foundation
import SyncProtocol
import Testing
import TransparencyLog

@testable import SyncServer

/// What a server that was restored believes of what is said to have been its word. P-089.
@Suite(.timeLimit(.minutes(1))) struct EarlierReceiptTests {
    /// A device whose one change came after the backup, and the server that was restored from it an hour later.
    private struct Scene {
        let server: TestServer
        let device: TestDevice
        let entries: [BatchEntry]
        let receipt: EarlierReceipt
        let restored: SyncService
        let folder: String
    }

    private func scene() async throws -> Scene {
        let server = try await TestServer()
        let device = try await server.device()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: folder + "/server.db"))
        _ = try await server.service.copyDatabase(to: folder + "/server.db")
        let entries = [device.change(in: device.own, [TestDomain.create(device.record())])]
        _ = try await device.push(entries)
        let head = try await server.service.comparison(with: 0).signed
        let evidence = try await server.service.receipt(
            of: entries[0].envelope.id, in: head.head.size, for: device.identity)
        server.clock.advance(3_600_000)
        let (restored, _) = try await SyncService.restore(
            in: folder, rules: TestDomain.rules, key: server.key, environment: server.environment)
        return Scene(
            server: server, device: device, entries: entries, receipt: EarlierReceipt(evidence, in: head),
            restored: restored, folder: folder)
    }

    /// When the restored server takes the change for received, after it came with this.
    private func received(_ scene: Scene, with receipts: [EarlierReceipt]) async throws -> Int64 {
        let device = scene.device
        let verdicts = try await scene.restored.push(
            try device.batch(scene.entries), from: device.identity, replica: device.replica,
            evidence: receipts)
        #expect(verdicts.map(\.verdict.code) == ["accepted"])
        #expect(try await scene.restored.verify().isSound)
        let size = try await scene.restored.comparison(with: 0).signed.head.size
        let moment = try await scene.restored.receipt(
            of: scene.entries[0].envelope.id, in: size, for: device.identity
        ).received
        await scene.restored.close()
        try FileManager.default.removeItem(atPath: scene.folder)
        return moment
    }

    @Test func `what it signed counts, with its moment and so with the effective time`() async throws {
        let scene = try await scene()
        let first = scene.server.clock.now - 3_600_000
        #expect(try await received(scene, with: [scene.receipt]) == first)
    }

    @Test func `an offer counts by it too`() async throws {
        let scene = try await scene()
        let verdicts = try await scene.restored.offer(
            try scene.device.batch(scene.entries), by: scene.device.identity, evidence: [scene.receipt])
        let stamp = scene.entries[0].envelope.time
        #expect(verdicts.compactMap(\.verdict.effective) == [stamp])
        #expect(try await received(scene, with: []) == scene.server.clock.now - 3_600_000)
    }

    @Test(arguments: ["moment", "leaf", "key", "epoch", "root", "change", "future"])
    func `what it did not say gains nothing`(forgery: String) async throws {
        let scene = try await scene()
        var receipt = scene.receipt
        let head = receipt.head.head
        func sign(_ head: TreeHead, _ key: PrivateKey) throws -> SignedTreeHead {
            SignedTreeHead(head: head, signature: try key.sign(head.message))
        }
        switch forgery {
        case "moment": receipt.received -= 1
        case "leaf": receipt.index -= 1
        case "key": receipt.head = try sign(head, scene.device.key)
        case "epoch":
            // One that the server never was in, though its key has signed it.
            let other = TreeHead(
                epoch: Epoch(head.epoch.value ^ 1), size: head.size, root: head.root,
                milliseconds: head.milliseconds)
            receipt.head = try sign(other, scene.server.key)
        case "root", "future":
            // A tree of one leaf that says what is wanted, signed by whoever wants it, or by nobody.
            receipt.received = forgery == "root" ? 0 : .max
            receipt.index = 0
            receipt.path = []
            let hash = Chain.link(
                previous: .zero, inner: scene.entries[0].inner(hash: sha256), hash: sha256)
            let leaf = ReceiptLeaf(
                received: receipt.received, change: hash, verdict: receipt.verdict, position: receipt.position
            )
            let forged = TreeHead(
                epoch: head.epoch, size: 1, root: leaf.hash(sha256), milliseconds: head.milliseconds)
            receipt.head =
                forgery == "future"
                ? try sign(forged, scene.server.key)
                : SignedTreeHead(head: forged, signature: receipt.head.signature)
        default: receipt.change = ChangeID(replica: receipt.change.replica, number: 2)
        }
        #expect(try await received(scene, with: [receipt]) == scene.server.clock.now)
    }
}
