import ChangeLog
import Cryptography
import Foundation
import NIOHTTP1
import SyncProtocol
import Testing

@testable import SyncServer

/// Changes that somebody else carries to the server.
@Suite(.timeLimit(.minutes(1))) struct BundleTests {
    private func sealed(
        _ device: TestDevice, _ batches: [[BatchEntry]], for server: TestInterface
    ) throws -> [UInt8] {
        let bundle = Bundle(hello: device.hello, batches: try batches.map { try device.batch($0) })
        return try SealedBundle.seal(bundle.bytes, to: server.workspace.identity.bundleKey.publicKey)
    }

    /// What a device is answered that carries a file.
    private func carry(
        _ file: [UInt8], by client: EnrolledClient, to server: TestInterface
    ) async throws -> TestConnection.Answer {
        try await TestConnection.open(to: server.port, client.context) { connection async throws in
            try await connection.request(.POST, "/bundle", file)
        }
    }

    private func tally(_ answer: TestConnection.Answer) throws -> BundleTally {
        try JSONDecoder().decode(BundleTally.self, from: Data(answer.body))
    }

    private func tally(accepted: Int = 0, held: Int = 0, waiting: Int = 0, refused: Int = 0) -> BundleTally {
        var tally = BundleTally()
        (tally.accepted, tally.held, tally.waiting, tally.refused) = (accepted, held, waiting, refused)
        return tally
    }

    /// The entries that a device is delivered.
    private func delivered(
        to client: EnrolledClient, by server: TestInterface
    ) async throws -> [BatchEntry] {
        try await TestConnection.open(to: server.port, client.context) { connection async throws in
            try await connection.request("/pull", client.want()).frames.flatMap(\.delivered)
        }
    }

    // P-121, P-122
    @Test func `what another device carries is its author's, comes once, and is told in numbers`()
        async throws
    {
        try await TestInterface.run { server async throws in
            let anna = try await server.enrolledDevice("Anna")
            let bas = try await server.enrolledDevice("Bas")
            let (note, secret) = (anna.device.record(), "van Anna alleen")
            let entries = [
                anna.device.change([TestDomain.create(note)]),
                anna.device.change(in: anna.device.own, [TestDomain.create(anna.device.record())]),
                anna.device.change(in: anna.device.own, [TestDomain.write(anna.device.record(), secret)]),
            ]
            let file = try sealed(anna.device, [[entries[0]], Array(entries[1...])], for: server)
            let answer = try await carry(file, by: bas, to: server)
            #expect(answer.status == 200)
            // The last one writes on a record that is not there.
            #expect(try tally(answer) == tally(accepted: 2, refused: 1))
            let words = try #require(String(validating: answer.body, as: UTF8.self))
            #expect(words == "{\"accepted\":2,\"held\":0,\"refused\":1,\"waiting\":0}\n")

            let seen = try await delivered(to: bas, by: server)
            let carried = try #require(seen.first { $0.envelope.id == entries[0].envelope.id })
            #expect(carried.envelope.id.replica == anna.device.replica)
            #expect(
                !seen.contains { $0.envelope.audience == anna.device.own }, "the carrier may not read that")

            let head = await server.workspace.service.head().1
            #expect(try tally(await carry(file, by: bas, to: server)) == tally(accepted: 2, refused: 1))
            let verdicts = try await server.workspace.service.push(
                try anna.device.batch(entries), from: anna.device.identity, replica: anna.device.replica)
            #expect(verdicts.map(\.verdict.code) == ["accepted", "accepted", "record.unknown"])
            // The other way round as well: after the author, the file says nothing new.
            #expect(try tally(await carry(file, by: anna, to: server)) == tally(accepted: 2, refused: 1))
            #expect(await server.workspace.service.head().1 == head)
            #expect(try await server.workspace.service.verify().isSound)
        }
    }

    // P-122
    @Test func `changes whose beginning did not come wait for their author`() async throws {
        try await TestInterface.run { server async throws in
            let anna = try await server.enrolledDevice("Anna")
            let bas = try await server.enrolledDevice("Bas")
            let first = anna.device.change([TestDomain.create(anna.device.record())])
            let later = anna.device.change([TestDomain.create(anna.device.record())])
            let file = try sealed(anna.device, [[later]], for: server)
            #expect(try tally(await carry(file, by: bas, to: server)) == tally(waiting: 1))
            _ = try await server.workspace.service.push(
                try anna.device.batch([first]), from: anna.device.identity, replica: anna.device.replica)
            #expect(try tally(await carry(file, by: bas, to: server)) == tally(accepted: 1))
        }
    }

    // P-122
    @Test(arguments: [true, false])
    func `a device without rights is heard no more through another than by itself`(_ isLost: Bool)
        async throws
    {
        try await TestInterface.run { server async throws in
            let anna = try await server.enrolledDevice("Anna")
            let bas = try await server.enrolledDevice("Bas")
            let entry = anna.device.change([TestDomain.create(anna.device.record())])
            let file = try sealed(anna.device, [[entry]], for: server)
            try await server.workspace.service.revoke(device: anna.device.identity.device, lost: isLost)
            let head = await server.workspace.service.head().1
            let answer = try await carry(file, by: bas, to: server)
            // A retired one may still hand in; what it hands in is held, this way too.
            if isLost {
                #expect(answer.status == 400 && answer.code == "bundle.author")
            } else {
                #expect(try tally(answer) == tally(held: 1))
            }
            #expect(await server.workspace.service.head().1 == head)
            // Nor may such a device carry anything.
            let other = bas.device.change([TestDomain.create(bas.device.record())])
            let carried = try await carry(
                try sealed(bas.device, [[other]], for: server), by: anna, to: server)
            #expect(carried.status == 403)
        }
    }

    // P-122
    @Test func `nobody is made the author of what another device signed`() async throws {
        try await TestInterface.run { server async throws in
            let anna = try await server.enrolledDevice("Anna")
            let bas = try await server.enrolledDevice("Bas")
            let entry = anna.device.change([TestDomain.create(anna.device.record())])
            var batch = try anna.device.batch([entry])
            let head = batch.heads[0]
            let hash = Chain.link(previous: .zero, inner: entry.inner(hash: sha256), hash: sha256)
            batch.heads = [
                SignedHead(
                    replica: head.replica, audience: head.audience, links: [],
                    signature: try bas.device.key.sign(SignedHead.message(hash)))
            ]
            let key = server.workspace.identity.bundleKey.publicKey
            let file = try SealedBundle.seal(
                Bundle(hello: bas.device.hello, batches: [batch]).bytes, to: key)
            #expect(try await carry(file, by: bas, to: server).code == "chain.unsigned")
            let stranger = try TestDevice(
                server: anna.device.server, person: bas.device.person, key: PrivateKey.generate(),
                replica: ReplicaID(server.workspace.freshRecord().bits), epoch: bas.device.epoch)
            let strange = stranger.change([TestDomain.create(stranger.record())])
            let unknown = try sealed(stranger, [[strange]], for: server)
            #expect(try await carry(unknown, by: bas, to: server).code == "bundle.author")
            let one = anna.device.change([TestDomain.create(anna.device.record())])
            let two = bas.device.change([TestDomain.create(bas.device.record())])
            let mixed = try sealed(anna.device, [[one, two]], for: server)
            #expect(try await carry(mixed, by: bas, to: server).code == "bundle.author")
        }
    }

    // P-122
    @Test func `a bundle of a copied replica that came second adds nothing`() async throws {
        try await TestInterface.run { server async throws in
            let anna = try await server.enrolledDevice("Anna")
            let copy = TestDevice(
                server: anna.device.server, person: anna.device.person, key: anna.device.key,
                replica: anna.device.replica, epoch: anna.device.epoch)
            let entry = anna.device.change([TestDomain.create(anna.device.record())])
            let other = copy.change([TestDomain.create(copy.record())])
            _ = try await server.workspace.service.push(
                try anna.device.batch([entry]), from: anna.device.identity, replica: anna.device.replica)
            let file = try sealed(copy, [[other]], for: server)
            #expect(try await carry(file, by: anna, to: server).code == "bundle.copied")
        }
    }

    // P-120, P-121
    @Test func `what is no whole bundle for this server is refused, and nothing of it is kept`() async throws
    {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            let entry = client.device.change([TestDomain.create(client.device.record())])
            let file = try sealed(client.device, [[entry]], for: server)
            let batch = try client.device.batch([entry])
            let key = server.workspace.identity.bundleKey.publicKey
            let whole = Bundle(hello: client.device.hello, batches: [batch]).bytes
            var old = client.device.hello
            old.version = 0
            let texts: [(String, [UInt8])] = [
                ("session.version", Bundle(hello: old, batches: [batch]).bytes),
                ("session.outOfOrder", Frame.hello(client.device.hello).bytes),
                ("session.outOfOrder", []),
                ("session.outOfOrder", whole + Frame.push(Batch(entries: [], heads: [])).bytes),
                ("session.outOfOrder", whole + Frame.ask([]).bytes),
                ("frame.truncated", whole + [0, 0]),
            ]
            var cases: [(String, [UInt8])] = try texts.map { ($0.0, try SealedBundle.seal($0.1, to: key)) }
            var changed = file
            changed[file.count - 20] ^= 1
            var newer = file
            newer[18] += 1
            cases += [
                ("bundle.malformed", []), ("bundle.malformed", Array("een gewone brief".utf8)),
                ("bundle.altered", Array(file[..<(file.count / 2)])), ("bundle.altered", changed),
                ("bundle.version", newer),
                (
                    "bundle.foreign",
                    try SealedBundle.seal([1, 2, 3], to: PrivateKey.generate().publicKey)
                ),
            ]
            let head = await server.workspace.service.head().1
            for (code, bytes) in cases {
                let answer = try await carry(bytes, by: client, to: server)
                #expect(answer.status == 400)
                #expect(answer.code == code)
            }
            #expect(await server.workspace.service.head().1 == head)
        }
    }

    // P-121
    @Test func `a bundle beyond the limit, or of somebody without a certificate, is not read`() async throws {
        var limits = HTTPLimits()
        limits.bundleBytes = 1000
        try await TestInterface.run(limits: limits) { server async throws in
            let client = try await server.enrolledDevice()
            let answer = try await carry([UInt8](repeating: 1, count: 1001), by: client, to: server)
            #expect(answer.status == 413 && answer.code == "body.tooLarge")
            try await TestConnection.open(to: server.port, try server.anonymous()) {
                connection async throws in
                #expect(try await connection.request(.POST, "/bundle", [1]).status == 401)
            }
        }
    }

    // P-123
    @Test func `a server that has no key for bundles gets one, and says so once`() async throws {
        var workspace: Workspace? = try await TestInterface.make()
        let path = try #require(workspace).folder.path
        /// What the roster says, and what is kept, of a server that is open for no longer than that.
        func look() async throws -> (published: Value?, key: PublicKey, head: Position) {
            let opened: Workspace?
            if let made = workspace {
                opened = made
            } else {
                opened = try await Workspace.open(
                    at: path, rules: TestDomain.rules, environment: TestInterface.environment)
            }
            workspace = nil
            let server = try #require(opened)
            let device = Engine.device(of: server.identity.signingKey.publicKey)
            let published = try await server.service.read { try $0.rostered(device, Roster.bundleKey) }
            let head = await server.service.head().1
            await server.close()
            return (published, server.identity.bundleKey.publicKey, head)
        }
        let made = try await look()
        #expect(made.published == .bytes(made.key.subjectPublicKeyInfo))
        let again = try await look()
        #expect(again.key == made.key && again.head == made.head)
        try FileManager.default.removeItem(atPath: path + "/bundle.key")
        let renewed = try await look()
        #expect(renewed.key != made.key)
        #expect(renewed.published == .bytes(renewed.key.subjectPublicKeyInfo))
        try FileManager.default.removeItem(atPath: path)
    }

    // P-123
    @Test func `a backup of a server without such a key is restored, and gets one`() async throws {
        let workspace = try await TestInterface.make()
        let (path, passphrase) = (workspace.folder.path, Array("een zin die niemand raadt".utf8))
        let cost = PassphraseCost(logarithm: 4, blocks: 1, lanes: 1)
        let snapshot = try await SnapshotTask().perform(in: workspace)
        let file = path + ".backup"
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        var writer = try BackupWriter(
            to: try #require(FileHandle(forWritingAtPath: file)), passphrase: passphrase, cost: cost,
            randomBytes: { RandomBytes.make(count: $0) })
        for name in BackupFiles.older {
            let source = name == BackupFiles.database ? snapshot.file : name
            try writer.add(name, from: workspace.folder.path(of: source))
        }
        try writer.finish()
        let (restored, _) = try await Backup(at: file, passphrase: passphrase, cost: cost).restore(
            to: path + ".restored", rules: TestDomain.rules, environment: TestInterface.environment)
        let device = Engine.device(of: restored.identity.signingKey.publicKey)
        let key = restored.identity.bundleKey.publicKey
        #expect(key != workspace.identity.bundleKey.publicKey)
        let published = try await restored.service.read { try $0.rostered(device, Roster.bundleKey) }
        #expect(published == .bytes(key.subjectPublicKeyInfo))
        for server in [workspace, restored] { await server.close() }
        for made in [path, file, path + ".restored"] { try FileManager.default.removeItem(atPath: made) }
    }
}
