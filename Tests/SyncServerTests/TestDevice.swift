import ChangeLog
import Cryptography
import SyncProtocol

@testable import SyncServer

/// A client, as far as the server can see one: it numbers and chains changes and signs its heads.
final class TestDevice {
    let server: TestServer
    let person: RecordID
    let key: PrivateKey
    let replica: ReplicaID
    let epoch: Epoch
    private var number: UInt64
    private var tips: [AudienceID: ChangeHash] = [:]
    private var hashes: [ChangeID: ChangeHash] = [:]

    /// - Parameter number: of the last change that it continues.
    init(
        server: TestServer, person: RecordID, key: PrivateKey, replica: ReplicaID, epoch: Epoch,
        after number: UInt64 = 0
    ) {
        self.number = number
        self.server = server
        self.person = person
        self.key = key
        self.replica = replica
        self.epoch = epoch
    }

    var identity: DeviceIdentity {
        DeviceIdentity(
            device: Engine.device(of: key.publicKey), person: person, publicKey: key.publicKey)
    }

    /// The audience of its person alone.
    var own: AudienceID { AudienceID(family: "person", person) }

    func record() -> RecordID { RecordID(server.clock.bits()) }

    /// A change with the next number, on the view of `seen` and of all own changes before it.
    func change(
        in audience: AudienceID = Roster.audience, seen: Position = .origin, own: UInt64? = nil,
        at milliseconds: Int64? = nil, group: ChangeGroup? = nil, epoch: Epoch? = nil,
        schema: UInt32 = 3, _ operations: [Operation]
    ) -> BatchEntry {
        number += 1
        let envelope = Envelope(
            id: ChangeID(replica: replica, number: number),
            base: Base(epoch: epoch ?? self.epoch, position: seen, own: own ?? number - 1),
            time: HybridTime(milliseconds: milliseconds ?? server.clock.now), audience: audience,
            group: group, schema: schema)
        let previous = tips[audience] ?? .zero
        let entry = BatchEntry(
            envelope: envelope, body: .contents(.seed(server.clock.bits()), operations), previous: previous)
        let hash = Chain.link(previous: previous, inner: entry.inner(hash: sha256), hash: sha256)
        tips[audience] = hash
        hashes[envelope.id] = hash
        return entry
    }

    /// The changes of one action over several audiences.
    func group(
        seen: Position = .origin, _ parts: [(AudienceID, [Operation])]
    ) -> [BatchEntry] {
        let own = number
        return parts.enumerated().map { index, part in
            change(
                in: part.0, seen: seen, own: own,
                group: ChangeGroup(index: UInt8(index), count: UInt8(parts.count)), part.1)
        }
    }

    func batch(_ entries: [BatchEntry]) throws -> Batch {
        var heads: [SignedHead] = []
        for audience in Set(entries.map(\.envelope.audience)).sorted() {
            guard let last = entries.last(where: { $0.envelope.audience == audience }),
                let hash = hashes[last.envelope.id]
            else { continue }
            heads.append(
                SignedHead(
                    replica: replica, audience: audience, links: [],
                    signature: try key.sign(SignedHead.message(hash))))
        }
        return Batch(entries: entries, heads: heads)
    }

    func push(_ entries: [BatchEntry]) async throws -> [Verdict] {
        try await push(try batch(entries))
    }

    func push(_ batch: Batch) async throws -> [Verdict] {
        try await server.service.push(batch, from: identity, replica: replica).map(\.verdict)
    }

    func verdicts(_ entries: [BatchEntry]) async throws -> [Verdict] {
        try await server.service.verdicts(of: entries.map(\.envelope.id), for: identity).map(\.verdict)
    }

    var hello: Hello { Hello(replica: replica, epoch: epoch, cursor: .origin) }

    func pull(
        cursor: Position = .origin, held: [Want.Held] = [], isLive: Bool = false
    ) -> AsyncThrowingStream<Frame, any Error> {
        server.service.pull(
            hello, Want(cursor: cursor, isLive: isLive, held: held), for: identity)
    }

    /// All frames of a pull that is not live, as the client's session takes them.
    func frames(cursor: Position = .origin, held: [Want.Held] = []) async throws -> [Frame] {
        var frames: [Frame] = []
        for try await frame in pull(cursor: cursor, held: held) { frames.append(frame) }
        return frames
    }
}

extension Verdict {
    /// The code of a refusal or of holding; "accepted" or "waiting N" otherwise.
    var code: String {
        switch self {
        case .accepted: "accepted"
        case .held(let reason): "held " + reason.code
        case .waiting(let behind): "waiting \(behind)"
        case .refused(let reason): reason.code
        }
    }

    var position: Position? {
        if case .accepted(let position, _) = self { position } else { nil }
    }

    var effective: HybridTime? {
        if case .accepted(_, let effective) = self { effective } else { nil }
    }
}

extension Frame {
    var delivered: [BatchEntry] {
        if case .deliver(let delivery) = self { delivery.batch.entries } else { [] }
    }

    var refusal: String? {
        if case .refusal(let reason) = self { reason.code } else { nil }
    }
}
