import ChangeLog
import Cryptography
import SyncProtocol
import Testing

@testable import SyncServer

/// A client that takes frames as the real one must: it checks their order with the client's session,
/// each chain hash by hash, and each chain's signature with the key that the roster tells.
struct TestReader {
    private struct Chain: Hashable {
        let replica: ReplicaID
        let audience: AudienceID
    }

    private var session: PullSession
    private var chains: [Chain: ChangeHash] = [:]
    private var keys: [ReplicaID: PublicKey] = [:]
    private(set) var entries: [BatchEntry] = []
    private(set) var held: [AudienceID: (have: Position, end: Position)] = [:]
    private(set) var cursor = Position.origin
    private(set) var actions: [PullSession.Action] = []

    init(_ device: TestDevice) { self.init(device.hello) }

    init(_ hello: Hello) {
        session = PullSession(hello: hello, want: Want(cursor: .origin, isLive: false, held: []))
    }

    /// What to ask for next.
    var want: [Want.Held] {
        held.keys.sorted().compactMap { audience in
            held[audience].map { Want.Held(audience: audience, have: $0.have, end: $0.end) }
        }
    }

    /// Begins another exchange with what is held.
    mutating func resume(_ device: TestDevice, isLive: Bool = false) -> AsyncThrowingStream<Frame, any Error>
    {
        var hello = device.hello
        hello.cursor = cursor
        session = PullSession(hello: hello, want: Want(cursor: cursor, isLive: isLive, held: want))
        return device.server.service.pull(
            hello, Want(cursor: cursor, isLive: isLive, held: want), for: device.identity)
    }

    mutating func take(_ frames: [Frame]) throws {
        for frame in frames { try take(frame) }
    }

    mutating func take(_ frame: Frame) throws {
        // What travels must have a byte form.
        var decoder = FrameDecoder()
        decoder.append(frame.bytes)
        #expect(try decoder.next() == frame)
        let action = session.receive(frame)
        actions.append(action)
        switch action {
        case .fail(let error): Issue.record("the session fails: \(error)")
        case .grant(let audience, let end): held[audience] = (.origin, end)
        case .revoke(let audiences): for audience in audiences { held[audience] = nil }
        case .apply(let delivery):
            try check(delivery.batch)
            if let lane = delivery.lane {
                held[lane]?.have = delivery.through
            } else {
                cursor = delivery.through
            }
        default: break
        }
    }

    private mutating func check(_ batch: Batch) throws {
        for entry in batch.entries {
            let id = Chain(replica: entry.envelope.id.replica, audience: entry.envelope.audience)
            var hash = chains[id] ?? .zero
            for inner in entry.links + [entry.inner(hash: sha256)] {
                hash = ChangeLog.Chain.link(previous: hash, inner: inner, hash: sha256)
            }
            chains[id] = hash
            entries.append(entry)
            try learn(from: entry)
        }
        for head in batch.heads {
            var hash = chains[Chain(replica: head.replica, audience: head.audience)] ?? .zero
            for inner in head.links {
                hash = ChangeLog.Chain.link(previous: hash, inner: inner, hash: sha256)
            }
            let key = try #require(keys[head.replica], "the key of \(head.replica) is not known yet")
            #expect(key.verify(head.signature, over: SignedHead.message(hash)))
        }
        let signed = Set(batch.heads.map { Chain(replica: $0.replica, audience: $0.audience) })
        let needed = Set(
            batch.entries.map { Chain(replica: $0.envelope.id.replica, audience: $0.envelope.audience) })
        #expect(signed == needed)
    }

    private mutating func learn(from entry: BatchEntry) throws {
        guard entry.envelope.audience == Roster.audience, let change = entry.change else { return }
        var key: PublicKey?
        for operation in change.operations {
            switch operation {
            case .create(_, Roster.device, _, let natural):
                guard case .bytes(let bytes) = natural?.values.first else { continue }
                key = try PublicKey(subjectPublicKeyInfo: bytes)
            case .write(_, Roster.deviceReplicas, _, .list(let replicas)):
                for case .bytes(let bytes) in replicas {
                    if let bits = Identifier128(bytes: bytes) { keys[ReplicaID(bits)] = key }
                }
            default: break
            }
        }
    }
}
