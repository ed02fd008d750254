import ChangeLog
import SyncProtocol
import TextCRDT
import TransparencyLog

/// Frames with everything that the format knows, drawn from a seed.
struct RandomFrames {
    private var random: SplitMix64
    private let texts = [
        "", "é", "e\u{301}", "Súdwest-Fryslân", "👩‍👩‍👧", "a\u{0}b", String(repeating: "x", count: 300),
    ]

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private mutating func below(_ limit: UInt64) -> UInt64 { UInt64.random(in: 0..<limit, using: &random) }
    private mutating func chance(_ percent: UInt64) -> Bool { below(100) < percent }
    private mutating func bits() -> Identifier128 {
        Identifier128(high: random.next(), low: random.next())
    }
    private mutating func hash() -> ChangeHash { ChangeHash(bytes: bits().bytes + bits().bytes) ?? .zero }
    private mutating func record() -> RecordID { RecordID(Identifier128(high: 7, low: below(9))) }
    private mutating func replica() -> ReplicaID { ReplicaID(Identifier128(high: below(3) << 62, low: 1)) }
    private mutating func change() -> ChangeID {
        ChangeID(replica: replica(), number: below(1 << 40) + 1)
    }
    private mutating func text() -> String { texts[Int(below(UInt64(texts.count)))] }
    private mutating func audience() -> AudienceID {
        [
            Roster.audience, AudienceID(family: "organisation", record()),
            AudienceID(family: "nomination", record()),
        ][
            Int(below(3))]
    }

    mutating func value(depth: Int = 0) -> Value {
        switch below(depth < 3 ? 10 : 8) {
        case 0: .null
        case 1: .boolean(chance(50))
        case 2: .integer(Int64(bitPattern: random.next() >> below(64)))
        case 3: .text(text())
        case 4: .date(Int32(truncatingIfNeeded: random.next()))
        case 5: .instant(Int64(bitPattern: random.next() >> below(64)))
        case 6: .record(record())
        case 7: .bytes(Array(text().utf8))
        case 8: .list((0..<below(4)).map { _ in value(depth: depth + 1) })
        default: .unknown(tag: UInt8(9 + below(7)), bytes: [1, 2, 3])
        }
    }

    private mutating func settling() -> [ChangeID] {
        var changes: Set<ChangeID> = []
        for _ in 0..<below(4) { changes.insert(change()) }
        return changes.sorted()
    }

    mutating func operation() -> Operation {
        let policy = WritePolicy.allCases[Int(below(5))]
        switch below(10) {
        case 0:
            return .create(
                record(), kind: "nomination", parent: chance(50) ? record() : nil,
                key: chance(50) ? RecordKey([value(), value()]) : nil)
        case 1: return .remove(record(), settling: settling())
        case 2: return .restore(record(), settling: settling())
        case 3: return .resolve(record(), "title", policy, .keep(change()), settling: settling())
        case 4: return .resolve(record(), "title", policy, .value(value()), settling: settling())
        case 5: return .insert(record(), "criteria", value())
        case 6: return .take(record(), "criteria", value())
        case 7:
            return .edit(
                record(), "motivation", check: TextCheck(random.next()),
                [
                    .insert(at: Int(below(99)), text: text() + "x"),
                    .delete(at: Int(below(9)), count: 1 + Int(below(9))),
                ])
        case 8: return .accept(record(), "motivation", settling: settling())
        default: return .write(record(), "place", policy, value())
        }
    }

    private mutating func envelope() -> Envelope {
        let number = chance(70) ? below(50) + 1 : random.next() | 1
        return Envelope(
            id: ChangeID(replica: replica(), number: number),
            base: Base(
                epoch: Epoch(below(3)), position: Position(chance(80) ? below(100) : random.next()),
                own: chance(80) ? number - 1 : below(number)),
            time: HybridTime(
                milliseconds: Int64(below(1 << 48)),
                counter: chance(50) ? 0 : UInt16(truncatingIfNeeded: random.next())),
            audience: audience(), group: number > 16 && chance(20) ? ChangeGroup(index: 1, count: 3) : nil,
            schema: UInt32(below(4)))
    }

    mutating func entry(isDelivery: Bool) -> BatchEntry {
        let body: BatchEntry.Body =
            chance(10)
            ? .commitment(hash())
            : .contents(
                chance(80) ? .seed(Identifier128(high: 1, low: below(3))) : .plain(bits()),
                (0...below(4)).map { _ in operation() })
        var entry = BatchEntry(envelope: envelope(), body: body)
        if isDelivery {
            if chance(30) { entry.links = (0..<below(3)).map { _ in hash() } }
            entry.placement = .init(
                position: Position(random.next()),
                effective: chance(50) ? entry.envelope.time : HybridTime(random.next()))
        } else if chance(30) {
            entry.previous = hash()
        }
        return entry
    }

    mutating func batch(isDelivery: Bool) -> Batch {
        Batch(
            entries: (0..<below(8)).map { _ in entry(isDelivery: isDelivery) },
            heads: (0..<below(3)).map { _ in
                SignedHead(
                    replica: replica(), audience: audience(), links: (0..<below(3)).map { _ in hash() },
                    signature: bits().bytes + bits().bytes + bits().bytes + bits().bytes)
            })
    }

    private mutating func reason() -> Reason { Reason(code: "text.version", message: text(), remedy: text()) }

    private mutating func signature() -> [UInt8] {
        bits().bytes + bits().bytes + bits().bytes + bits().bytes
    }

    private mutating func hashes() -> [ChangeHash] { (0..<below(9)).map { _ in hash() } }

    private mutating func comparison() -> TreeComparison {
        let head = TreeHead(
            epoch: Epoch(random.next()), size: random.next(), root: hash(),
            milliseconds: Int64(bitPattern: random.next()))
        return TreeComparison(
            signed: SignedTreeHead(head: head, signature: signature()), path: hashes())
    }

    private mutating func evidence() -> ReceiptEvidence {
        let isAccepted = chance(50)
        return ReceiptEvidence(
            change: change(), index: random.next(), received: Int64(below(1 << 40)),
            verdict: isAccepted ? .accepted : .held,
            position: isAccepted ? Position(below(99) + 1) : nil, path: hashes(), previous: hash(),
            links: hashes(), signature: signature(), key: bits().bytes)
    }

    private mutating func epoch() -> SignedEpoch {
        SignedEpoch(
            record: EpochRecord(
                epoch: Epoch(random.next()), parent: Epoch(random.next()), point: Position(random.next()),
                treeSize: random.next(), root: hash(), milliseconds: Int64(below(1 << 40))),
            signature: signature())
    }

    private mutating func continuation() -> Continuation {
        Continuation(
            replica: ReplicaID(Identifier128(high: 3 << 62 | 1, low: random.next())),
            continued: ChangeID(replica: replica(), number: below(1 << 40)))
    }

    private mutating func range() -> FingerprintRange {
        let after = below(1 << 40)
        return FingerprintRange(
            audience: audience(), after: Position(after), through: Position(after + below(1 << 20)))
    }

    mutating func frame() -> Frame {
        switch below(27) {
        case 0:
            .hello(
                Hello(
                    replica: replica(), epoch: chance(50) ? Epoch(random.next()) : nil,
                    cursor: Position(below(99))))
        case 1: .push(batch(isDelivery: false))
        case 2: .ask((0..<below(4)).map { _ in change() })
        case 3:
            .want(
                Want(
                    cursor: Position(below(999)), isLive: chance(50),
                    held: chance(50)
                        ? [.init(audience: Roster.audience, have: Position(2), end: Position(3))] : []))
        case 4: .purged([audience()])
        case 5: .welcome(Welcome(epoch: Epoch(random.next()), head: Position(below(9)), milliseconds: -3))
        case 6:
            .verdicts([
                VerdictEntry(
                    change: change(), verdict: .accepted(Position(random.next()), effective: HybridTime(1))),
                VerdictEntry(change: change(), verdict: .held(reason())),
                VerdictEntry(change: change(), verdict: .waiting(behind: below(9))),
                VerdictEntry(change: change(), verdict: .refused(reason())),
            ])
        case 7: .grant(audience(), end: Position(below(9)))
        case 8:
            .deliver(
                Delivery(
                    lane: chance(50) ? audience() : nil, through: Position(9), batch: batch(isDelivery: true))
            )
        case 9: .revoke([audience()])
        case 10: .current(Position(random.next()))
        case 12: .compare(random.next())
        case 13: .prove(change())
        case 14: .tree(comparison())
        case 15: .receipt(evidence())
        case 16: .continue(continuation())
        case 17: .continued(continuation())
        case 18: .offer(batch(isDelivery: false))
        case 19: .restored([epoch(), epoch()])
        case 20:
            .fingerprints([
                RangeFingerprint(
                    range: range(), fingerprint: Fingerprint(sum: UInt128(random.next()) << 64 | 7))
            ])
        case 21: .differing([range(), range()])
        case 22: .segmented
        case 25: .evidence([EarlierReceipt(evidence(), in: comparison().signed)])
        case 24:
            .lodge([LodgedHead(audience: AudienceID("nomination:\(below(9))") ?? audience(), hash: hash())])
        case 23:
            .segments(
                SegmentList(
                    lane: audience(),
                    segments: (1...1 + below(3)).map { index in
                        .init(through: Position(index << 32 | below(9)), size: below(1 << 20), hash: hash())
                    }))
        case 11: .pulse(milliseconds: Int64(below(1 << 40)))
        default: .refusal(reason())
        }
    }
}
