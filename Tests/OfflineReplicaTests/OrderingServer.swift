import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol

/// A server in memory, as far as a replica can tell: it orders, signs for its own roster, and delivers.
/// What it decides is up to the test.
struct OrderingServer {
    /// A change in a chain, with its place once it has one.
    struct Node {
        var envelope: Envelope
        var body: BatchEntry.Body
        var inner: ChangeHash
        var hash: ChangeHash
        var verdict: Verdict

        /// Received, and without a place or a refusal.
        var isOpen: Bool {
            switch verdict {
            case .held, .waiting: true
            case .accepted, .refused: false
            }
        }
    }

    struct ChainID: Hashable {
        let replica: ReplicaID
        let audience: AudienceID
    }

    enum Decision {
        case accept
        case hold
        case wait
        case refuse(Reason)
    }

    let epoch = Epoch(7)
    let key: PrivateKey
    let replica = ReplicaID(Identifier128(high: 1, low: 1))
    private(set) var head = Position.origin
    private(set) var chains: [ChainID: [Node]] = [:]
    private(set) var signatures: [ChainID: [(index: Int, signature: [UInt8])]] = [:]
    private var order: [(chain: ChainID, index: Int)] = []
    private var ownNumber: UInt64 = 0
    var nowMilliseconds: Int64 = 1_000_000
    /// Tests may change what is delivered.
    var tamper: @Sendable (inout Delivery) -> Void = { _ in }

    static let hash: HashFunction = { bytes in
        guard let hash = ChangeHash(bytes: SHA256.hash(bytes).bytes) else {
            preconditionFailure("SHA-256 has 32 bytes")
        }
        return hash
    }

    init() throws {
        key = try PrivateKey.generate()
        try author([
            .create(
                try device(key.publicKey), kind: Roster.device, parent: nil,
                key: Self.deviceKey(key.publicKey)),
            .write(
                try device(key.publicKey), Roster.deviceReplicas, .decided, .list([.bytes(replica.bytes)])),
        ])
    }

    static func deviceKey(_ key: PublicKey) -> RecordKey {
        Roster.key(ofDevice: key.subjectPublicKeyInfo)
    }

    func device(_ key: PublicKey) throws -> RecordID {
        Self.deviceKey(key).record(kind: Roster.device, hash: Self.hash)
    }

    /// Writes a person and a device into the roster.
    mutating func enrol(_ name: String, _ number: UInt64, key device: PrivateKey) throws -> ReplicaIdentity {
        let person = RecordID(Identifier128(high: 0xfeed, low: number))
        let replica = ReplicaID(Identifier128(high: 0xcafe, low: number))
        let id = try self.device(device.publicKey)
        try author([
            .create(person, kind: Roster.person, parent: nil, key: nil),
            .write(person, Roster.personName, .decided, .text(name)),
            .create(id, kind: Roster.device, parent: nil, key: Self.deviceKey(device.publicKey)),
            .write(id, Roster.devicePerson, .decided, .record(person)),
            .write(id, Roster.deviceReplicas, .decided, .list([.bytes(replica.bytes)])),
        ])
        return ReplicaIdentity(
            person: person, device: id, replica: replica, address: "localhost:8443", association: "Test",
            serverKey: key.publicKey, epoch: epoch)
    }

    /// The server's own change in everyone's audience.
    mutating func author(_ operations: [Operation]) throws {
        ownNumber += 1
        let chain = ChainID(replica: replica, audience: Roster.audience)
        let change = Change(
            envelope: Envelope(
                id: ChangeID(replica: replica, number: ownNumber),
                base: Base(epoch: epoch, position: head, own: ownNumber - 1),
                time: HybridTime(milliseconds: nowMilliseconds), audience: Roster.audience, schema: 1),
            salt: .plain(Identifier128(high: 0, low: ownNumber)), operations: operations)
        append(
            BatchEntry(envelope: change.envelope, body: .contents(change.salt, operations)), chain, .accept)
        try sign(chain, with: key)
    }

    private mutating func sign(_ chain: ChainID, with key: PrivateKey) throws {
        guard let nodes = chains[chain], let last = nodes.last else { return }
        let signature = try key.sign(SignedHead.message(last.hash))
        signatures[chain, default: []].append((nodes.count - 1, signature))
    }

    private mutating func append(_ entry: BatchEntry, _ chain: ChainID, _ decision: Decision) {
        let inner = entry.inner(hash: Self.hash)
        let previous = chains[chain]?.last?.hash ?? .zero
        let verdict: Verdict =
            switch decision {
            case .accept, .wait: .waiting(behind: 0)
            case .hold: .held(Reason(code: "test.held", message: "Late.", remedy: "Wait."))
            case .refuse(let reason): .refused(reason)
            }
        chains[chain, default: []].append(
            Node(
                envelope: entry.envelope, body: entry.body, inner: inner,
                hash: Chain.link(previous: previous, inner: inner, hash: Self.hash), verdict: verdict))
        if case .accept = decision { place(chain, (chains[chain]?.count ?? 1) - 1) }
    }

    private mutating func place(_ chain: ChainID, _ index: Int) {
        guard let stamp = chains[chain]?[index].envelope.time else { return }
        head = Position(head.value + 1)
        let effective = min(stamp, HybridTime(milliseconds: nowMilliseconds))
        chains[chain]?[index].verdict = .accepted(head, effective: effective)
        order.append((chain, index))
    }
}

extension OrderingServer {
    /// Judges a push: known changes get their verdict again, new ones what `decide` says.
    mutating func push(
        _ batch: Batch, decide: (BatchEntry) -> Decision = { _ in .accept }
    ) throws -> [VerdictEntry] {
        var verdicts: [VerdictEntry] = []
        // A group has one decision, that of its first member.
        var decided: [UInt64: Decision] = [:]
        for entry in batch.entries {
            let id = entry.envelope.id
            let chain = ChainID(replica: id.replica, audience: entry.envelope.audience)
            if node(id) == nil {
                let known = chains[chain]?.last?.hash ?? .zero
                if let previous = entry.previous, previous != known {
                    throw Reason(code: "test.chain", message: "previous of \(id)", remedy: "")
                }
                let leader = id.number - UInt64(entry.envelope.group?.index ?? 0)
                let decision = try decided[leader] ?? judge(entry, chain, batch, decide)
                decided[leader] = decision
                append(entry, chain, decision)
            }
            if let verdict = node(id)?.verdict { verdicts.append(VerdictEntry(change: id, verdict: verdict)) }
        }
        for head in batch.heads {
            let chain = ChainID(replica: head.replica, audience: head.audience)
            guard let last = batch.entries.last(where: { $0.envelope.audience == head.audience }),
                let index = chains[chain]?.firstIndex(where: { $0.envelope.id == last.envelope.id })
            else { continue }
            signatures[chain, default: []].append((index, head.signature))
        }
        return verdicts
    }

    private func judge(
        _ entry: BatchEntry, _ chain: ChainID, _ batch: Batch, _ decide: (BatchEntry) -> Decision
    ) throws -> Decision {
        let members = batch.entries.filter { other in
            guard let group = entry.envelope.group else { return other == entry }
            let last = entry.envelope.id.number + UInt64(group.count) - 1
            return (entry.envelope.id.number...last).contains(other.envelope.id.number)
        }
        if members.contains(where: { $0.change == nil }) {
            return .refuse(Reason(code: "change.withdrawn", message: "Withdrawn.", remedy: ""))
        }
        let isBlocked = members.map(\.envelope.audience).contains { audience in
            chains[ChainID(replica: chain.replica, audience: audience)]?.contains(where: \.isOpen) ?? false
        }
        return isBlocked ? .wait : decide(entry)
    }

    func node(_ id: ChangeID) -> Node? {
        for (chain, nodes) in chains where chain.replica == id.replica {
            if let node = nodes.first(where: { $0.envelope.id == id }) { return node }
        }
        return nil
    }

    /// Gives held changes their place, in the order of numbers, and all that waits behind them.
    mutating func release(_ replica: ReplicaID) {
        let open = chains.filter { $0.key.replica == replica }.flatMap { chain, nodes in
            nodes.indices.filter { nodes[$0].isOpen }.map { (chain, $0, nodes[$0].envelope.id.number) }
        }
        for (chain, index, _) in open.sorted(by: { $0.2 < $1.2 }) { place(chain, index) }
    }

    func verdicts(of changes: [ChangeID]) -> [VerdictEntry] {
        changes.compactMap { id in node(id).map { VerdictEntry(change: id, verdict: $0.verdict) } }
    }

    /// What stands after `begin` up to `end` in these audiences, as one delivery.
    func delivery(
        of audiences: [AudienceID: Position], after begin: Position, through end: Position,
        lane: AudienceID? = nil
    ) -> Delivery {
        var entries: [BatchEntry] = []
        var last: [ChainID: Int] = [:]
        for place in Int(begin.value)..<max(Int(begin.value), Int(end.value)) {
            let (chain, index) = order[place]
            guard let threshold = audiences[chain.audience], let nodes = chains[chain],
                lane != nil || UInt64(place + 1) > threshold.value,
                case .accepted(let position, let effective) = nodes[index].verdict
            else { continue }
            let before = nodes[..<index].lastIndex { node in
                if case .accepted(let other, _) = node.verdict { other < position } else { false }
            }
            entries.append(
                BatchEntry(
                    envelope: nodes[index].envelope, body: nodes[index].body,
                    links: nodes[((before ?? -1) + 1)..<index].map(\.inner),
                    placement: BatchEntry.Placement(position: position, effective: effective)))
            last[chain] = index
        }
        let heads = last.compactMap { chain, index -> SignedHead? in
            guard let nodes = chains[chain],
                let signed = signatures[chain]?.first(where: { $0.index >= index })
            else { return nil }
            return SignedHead(
                replica: chain.replica, audience: chain.audience,
                links: nodes[(index + 1)..<(signed.index + 1)].map(\.inner), signature: signed.signature)
        }
        var delivery = Delivery(lane: lane, through: end, batch: Batch(entries: entries, heads: heads))
        tamper(&delivery)
        return delivery
    }
}
