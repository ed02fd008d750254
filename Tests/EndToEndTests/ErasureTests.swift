import ChangeLog
import Cryptography
import Foundation
import GRDB
import Merging
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Synchronization
import Testing

/// What was written is erased: at the server, on each device, and for whoever comes later.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ErasureTests {
    private static let secret = "Zeldzaamgeheim"

    private let audience: AudienceID

    init() throws { audience = try #require(AudienceID("workgroup")) }

    private func members(_ world: World) async throws -> (anna: Replica, bram: Replica) {
        let anna = try await world.enrol(try await world.person("Anna", [.workgroup]), as: "anna")
        return (anna, try await world.enrol(try await world.person("Bram", [.workgroup]), as: "bram"))
    }

    private func synced(_ replicas: Replica...) async throws {
        for replica in replicas {
            let report = await replica.exchange(over: try replica.connection())
            if let error = report.error { throw error }
            #expect(report.isComplete)
        }
    }

    @discardableResult
    private func erase(
        _ record: RecordID, _ field: FieldName? = nil, rehearsed: Bool = false, in world: World
    ) async throws -> ErasureReport {
        let scope = ErasureScope(record: record, field: field, hash: Replica.hash)
        return try await world.workspace.service.erase(isRehearsed: rehearsed) { scope.marks(in: $0) }
    }

    private func quote(_ record: RecordID, in replica: Replica) async throws -> Value? {
        let audience = audience
        return try await replica.read { reader in
            try reader.merged(record, in: audience)?[AnnotationField.quote]?.value
        }
    }

    /// The files below a folder that have these words, as they were written or as they are searched.
    private func files(with words: String, below folder: URL) throws -> [String] {
        try files(with: Data(words.utf8), below: folder)
            + files(with: Data(words.lowercased().utf8), below: folder)
    }

    private func files(with bytes: Data, below folder: URL) throws -> [String] {
        let paths = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        return try paths.compactMap { $0 as? URL }.filter { url in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
                !isFolder.boolValue
            else { return false }
            return try Data(contentsOf: url).range(of: bytes) != nil
        }.map(\.path)
    }

    private func expectEqual(_ replicas: Replica...) async throws {
        let digests = try await replicas.first?.digest().audiences
        for replica in replicas { #expect(try await replica.digest().audiences == digests) }
    }

    // P-170, P-172
    @Test func itIsGoneFromEveryFileAndAllStandEqual() async throws {
        let world = try await World.open(segments: SegmentMeasure(changes: 4), batchEntries: 2)
        let (anna, bram) = try await members(world)
        let note = World.fresh()
        _ = try await anna.record([Note.draft(note, Self.secret, in: anna, for: audience)])
        for number in 0..<9 {
            _ = try await anna.record([
                Note.draft(World.fresh(), "notitie \(number)", in: anna, for: audience)
            ])
        }
        try await synced(anna, bram)
        // Somebody who comes has them cut into segments.
        let carla = try await world.enrol(try await world.person("Carla", [.workgroup]), as: "carla")
        #expect(try !files(with: Self.secret, below: world.folder).filter { $0.contains("segments") }.isEmpty)
        #expect(try await quote(note, in: carla) == .text(Self.secret))

        let rehearsed = try await erase(note, rehearsed: true, in: world)
        #expect(rehearsed.changes == 1 && rehearsed.places == 1 && rehearsed.audiences == ["workgroup"])
        #expect(try await quote(note, in: carla) == .text(Self.secret))
        #expect(try await erase(note, in: world) == rehearsed)
        #expect(try await erase(note, in: world).changes == 0)
        #expect(try files(with: Self.secret, below: world.folder.appending(path: "server")).isEmpty)
        try await synced(anna, bram, carla)
        let stars = Value.text(String(repeating: "*", count: Self.secret.count))
        for replica in [anna, bram, carla] { #expect(try await quote(note, in: replica) == stars) }
        #expect(try files(with: Self.secret, below: world.folder).isEmpty)
        let late = try await world.enrol(try await world.person("Dirk", [.workgroup]), as: "dirk")
        #expect(try await quote(note, in: late) == stars)
        try await synced(anna, bram, carla, late)
        try await expectEqual(anna, bram, carla, late)
        #expect(try await world.workspace.service.verify().isSound)
        // Nothing of it shows in what is still searched, and work goes on.
        #expect(try await anna.read { try $0.search(Self.secret).isEmpty })
        _ = try await bram.record([Note.draft(World.fresh(), "verder", in: bram, for: audience)])
        try await synced(bram, anna)
        try await expectEqual(anna, bram)
        try await world.close()
    }

    /// A text that two people edit at once keeps its places, so that later edits find theirs.
    @Test func aTextIsErasedBeneathTheEditsOfOthers() async throws {
        let world = try await World.open()
        let (anna, bram) = try await members(world)
        let note = World.fresh()
        _ = try await anna.record([
            Draft(
                audience: audience,
                operations: [
                    .operation(.create(note, kind: .annotation, parent: nil, key: nil)),
                    .text(note, AnnotationField.body, "Jan Jansen schreef dit"),
                ])
        ])
        try await synced(anna, bram)
        // Offline, while it is erased.
        _ = try await bram.record([
            Draft(
                audience: audience,
                operations: [
                    .text(note, AnnotationField.body, "Jan Jansen schreef dit gisteren")
                ])
        ])
        try await erase(note, AnnotationField.body, in: world)
        try await synced(bram, anna, bram)
        for replica in [anna, bram] {
            let body = try await replica.read {
                try $0.merged(note, in: audience)?[AnnotationField.body]?.value
            }
            #expect(body == .text("********************** gisteren"))
        }
        try await expectEqual(anna, bram)
        #expect(try await world.workspace.service.verify().isSound)
        try await world.close()
    }

    /// P-171. The seed of a push opens each of its changes: none may be told once one of them is erased.
    @Test func noSeedOpensWhatWasErased() async throws {
        let world = try await World.open()
        let (anna, bram) = try await members(world)
        let notes = (0..<3).map { _ in World.fresh() }
        for note in notes {
            _ = try await anna.record([Note.draft(note, Self.secret, in: anna, for: audience)])
        }
        try await synced(anna)
        let before = ListeningTransport(try bram.connection())
        _ = await bram.exchange(over: before)
        let seeds = before.salts(in: audience, of: anna).compactMap { salt in
            if case .seed(let seed) = salt { seed } else { nil }
        }
        #expect(seeds.count == 3 && Set(seeds).count == 1)
        let seed = Data(try #require(seeds.first).bytes)
        #expect(try files(with: seed, below: world.folder).count >= 3)
        try await erase(notes[1], in: world)
        #expect(try files(with: seed, below: world.folder.appending(path: "server")).isEmpty)
        try await synced(anna, bram)
        #expect(try files(with: seed, below: world.folder).isEmpty)
        let late = try await Replica.enrol(
            try await world.link(for: try await world.person("Dirk", [.workgroup])).text,
            at: world.folder.appending(path: "late").path, deviceName: "late", rules: World.rules)
        let transport = ListeningTransport(try late.connection())
        _ = await late.exchange(over: transport)
        let salts = transport.salts(in: audience, of: anna)
        #expect(salts.count == 3)
        #expect(salts.allSatisfy { if case .seed = $0 { false } else { true } })
        try await synced(anna, bram)
        try await expectEqual(anna, bram, late)
        try await world.close()
    }

    /// A segment that was fetched before and not applied yet brings nothing back.
    @Test func whatWasFetchedBeforeIsNotApplied() async throws {
        let world = try await World.open(segments: SegmentMeasure(changes: 4), batchEntries: 2)
        let (anna, _) = try await members(world)
        let note = World.fresh()
        _ = try await anna.record([Note.draft(note, Self.secret, in: anna, for: audience)])
        for number in 0..<9 {
            _ = try await anna.record([
                Note.draft(World.fresh(), "notitie \(number)", in: anna, for: audience)
            ])
        }
        try await synced(anna)
        let carla = try await world.person("Carla", [.workgroup])
        let donor = try await Replica.enrol(
            try await world.link(for: carla).text, at: world.folder.appending(path: "donor").path,
            deviceName: "donor", rules: World.rules)
        let whole = MeteredTransport(try donor.connection())
        _ = await donor.exchange(over: whole)
        let name = try #require(whole.meter.withLock { $0.asked.first { _ in true }?.hash })
        let bytes = Mutex<[UInt8]>([])
        _ = try await donor.connection().fetch(name, from: 0) { piece, _ in bytes.withLock { $0 += piece } }
        let replica = try await Replica.enrol(
            try await world.link(for: carla).text, at: world.folder.appending(path: "slow").path,
            deviceName: "slow", rules: World.rules)
        let cut = MeteredTransport(try replica.connection())
        cut.meter.withLock { $0.laneFuse = 0 }
        _ = await replica.exchange(over: InlineTransport(transport: cut))
        try await erase(note, in: world)
        try FileManager.default.createDirectory(
            atPath: replica.folder + "/segments", withIntermediateDirectories: true)
        try Data(bytes.withLock { $0 }).write(
            to: URL(filePath: replica.folder + "/segments/\(audience.name)@\(name)"))
        try await synced(replica, replica, anna)
        #expect(try await quote(note, in: replica) == .text(String(repeating: "*", count: Self.secret.count)))
        #expect(try files(with: Self.secret, below: URL(filePath: replica.folder)).isEmpty)
        try await expectEqual(anna, replica)
        try await world.close()
    }

    /// Whatever a device lets wait, in places that do not exist and in forms that cannot be read: nobody stops an erasure.
    @Test func whatWaitsStopsNoErasure() async throws {
        let world = try await World.open()
        let (anna, _) = try await members(world)
        let note = World.fresh()
        _ = try await anna.record([Note.draft(note, Self.secret, in: anna, for: audience)])
        try await synced(anna)
        let nowhere = try #require(AudienceID("aaa"))
        let replica = anna.identity.replica
        let view = try await anna.view()
        let huge = String(repeating: "x", count: Limits.textBytes - 64)
        let waiting = [
            [Operation.write(note, AnnotationField.quote, .register, .text(Self.secret))],
            (0..<3).map { _ in .write(note, AnnotationField.quote, .register, .text(huge)) },
        ].enumerated().map { index, operations in
            BatchEntry(
                envelope: Envelope(
                    id: ChangeID(replica: replica, number: 900 + UInt64(index)),
                    base: Base(epoch: view.epoch, position: .origin, own: 0),
                    time: HybridTime(milliseconds: 1),
                    audience: index == 0 ? nowhere : audience, schema: 1),
                body: .contents(.plain(Identifier128(high: 1, low: 1)), operations),
                previous: ChangeHash(bytes: [UInt8](repeating: 7, count: 32)))
        }
        for entry in waiting {
            let hash = Chain.link(
                previous: entry.previous ?? .zero, inner: entry.inner(hash: Replica.hash), hash: Replica.hash)
            let head = SignedHead(
                replica: replica, audience: entry.envelope.audience, links: [],
                signature: try anna.key().sign(SignedHead.message(hash)))
            _ = try await world.workspace.service.push(
                Batch(entries: [entry], heads: [head]),
                from: DeviceIdentity(
                    device: anna.identity.device, person: anna.identity.person,
                    publicKey: anna.key().publicKey),
                replica: replica)
        }
        let report = try await erase(note, in: world)
        #expect(report.changes == 2 && report.audiences == ["aaa", "workgroup"])
        #expect(try files(with: Self.secret, below: world.folder.appending(path: "server")).isEmpty)
        try await world.close()
    }

    /// Whoever puts the words back, or erases some that nobody was told of, is found.
    @Test func theWalkFindsWhatWasErasedOrPutBackByAnotherHand() async throws {
        let world = try await World.open()
        let (anna, _) = try await members(world)
        let notes = [World.fresh(), World.fresh()]
        for note in notes {
            _ = try await anna.record([Note.draft(note, Self.secret, in: anna, for: audience)])
        }
        try await synced(anna)
        let database = try DatabaseQueue(path: world.folder.appending(path: "server/server.db").path)
        func bytes(of number: Int) throws -> Data {
            try #require(
                try database.read { db in
                    try Data.fetchOne(
                        db,
                        sql: """
                            SELECT bytes FROM change JOIN replica ON replica.id = change.replica
                            WHERE bits = ? AND number = ?
                            """, arguments: [Data(anna.identity.replica.bytes), number])
                })
        }
        func put(_ bytes: Data, of number: Int) throws {
            try database.write { db in
                try db.execute(
                    sql: """
                        UPDATE change SET bytes = ? WHERE number = ?
                        AND replica = (SELECT id FROM replica WHERE bits = ?)
                        """, arguments: [bytes, number, Data(anna.identity.replica.bytes)])
            }
        }
        func faults() async throws -> [AuditFault] {
            try await world.workspace.service.verify().findings.map(\.fault)
        }
        let before = try bytes(of: 1)
        try await erase(notes[0], in: world)
        #expect(try await faults().isEmpty)
        let after = try bytes(of: 1)
        try put(before, of: 1)
        #expect(try await faults() == [.erasureUndone])
        try put(after, of: 1)
        let second = try Change(canonicalBytes: Array(bytes(of: 2)))
        let scope = ErasureScope(record: notes[1], hash: Replica.hash)
        try put(Data(second.erasing(scope.marks(in: second), hash: Replica.hash).canonicalBytes), of: 2)
        #expect(try await faults() == [.erasedUnsaid])
        // Said in another audience it is said to nobody.
        let elsewhere = Erasure(of: second.id, scope.marks(in: second)).operations(Replica.hash)
        try await world.author(elsewhere)
        #expect(try await faults() == [.erasedUnsaid])
        try await world.close()
    }

    /// Names are all that is erased of what rules read, and what was held as well.
    @Test func aPersonsNameIsErasedAndNothingThatRulesRead() async throws {
        let world = try await World.open()
        let (anna, bram) = try await members(world)
        let report = try await erase(anna.identity.person, in: world)
        #expect(report.changes == 1 && report.places == 1 && report.audiences == ["everyone"])
        try await synced(anna, bram)
        let (name, roles) = try await bram.read { reader in
            let merged = try reader.merged(anna.identity.person, in: Roster.audience)
            return (merged?[PersonField.name]?.value, merged?[PersonField.roles]?.value)
        }
        #expect(name == .text("****") && roles == .list([.text("workgroup")]))
        let kept = try await world.workspace.service.read { facts in
            try facts.rostered(anna.identity.person, PersonField.name)
        }
        #expect(kept == .text("****"))
        #expect(try await world.workspace.service.verify().isSound)
        try await world.close()
    }
}

/// Remembers what was delivered.
private final class ListeningTransport: FrameTransport {
    let heard = Mutex<[BatchEntry]>([])
    private let connection: ServerConnection

    init(_ connection: ServerConnection) { self.connection = connection }

    /// Of what came in an audience of a replica.
    func salts(in audience: AudienceID, of replica: Replica) -> [Salt] {
        heard.withLock { $0 }.filter {
            $0.envelope.audience == audience && $0.envelope.id.replica == replica.identity.replica
        }.compactMap { if case .contents(let salt, _) = $0.body { salt } else { nil } }
    }

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        try await connection.converse(path, sending: frames) { frame in
            if case .deliver(let delivery) = frame { heard.withLock { $0 += delivery.batch.entries } }
            return try await receive(frame)
        }
    }
}
