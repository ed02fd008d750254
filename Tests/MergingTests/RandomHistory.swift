import ChangeLog
import Merging
import TextCRDT

/// A history as three people and a server might make it, from a seed.
///
/// Bases are honest, as the server sees to; everything else may be nonsense.
struct RandomHistory {
    private(set) var entries: [LogEntry] = []
    private var random: SplitMix64
    private var position: UInt64 = 0
    private var numbers: [UInt64] = [0, 0, 0]
    private var cursors: [UInt64] = [0, 0, 0]
    /// Changes of each replica that the server has not seen yet.
    private var queues: [[Int]] = [[], [], []]

    static let records = (1...3).map { Story.record($0) }
    static let fields: [(FieldName, MergePolicy)] = [
        ("name", .register), ("order", .quiet), ("birth", .immutable), ("notes", .appendOnly),
        ("phase", .decided), ("tags", .set), ("essay", .text),
    ]

    /// Few places, so that people meet.
    private let busyFields: [(FieldName, MergePolicy)]
    private let busyRecords: Int

    init(seed: UInt64, steps: Int) {
        random = SplitMix64(seed: seed)
        busyFields = Array(Self.fields.shuffled(using: &random).prefix(1 + random.below(3)))
        busyRecords = 1 + random.below(3)
        for _ in 0..<steps {
            let replica = random.below(3)
            switch random.below(10) {
            case 0..<5: edit(replica)
            case 5..<8: push(replica)
            default: cursors[replica] = UInt64.random(in: cursors[replica]...position, using: &random)
            }
        }
    }

    private mutating func push(_ replica: Int) {
        guard !queues[replica].isEmpty else { return }
        let index = queues[replica].removeFirst()
        position += 1
        let stamp = entries[index].change.envelope.time.value
        entries[index].placement = .accepted(
            Position(position), effective: HybridTime(min(stamp, 4 + position / 2)))
    }

    private mutating func edit(_ replica: Int) {
        var base = Base(
            epoch: Epoch(1), position: Position(cursors[replica]), own: numbers[replica])
        if random.chance(20) {
            // A form that was opened a while ago.
            base.position = Position(UInt64.random(in: 0...cursors[replica], using: &random))
            base.own = UInt64.random(in: ownSeen(replica, by: base.position)...base.own, using: &random)
        }
        numbers[replica] += 1
        let id = ChangeID(replica: Self.replica(replica), number: numbers[replica])
        let envelope = Envelope(
            id: id, base: base, time: HybridTime(UInt64(random.below(12))), audience: Story.audience,
            schema: 1)
        let view = view(base, id.replica)
        let operations = (0...random.below(3)).map { _ in operation(view, base, id.replica) }
        let change = Change(
            envelope: envelope, salt: .plain(Identifier128(high: 0, low: 0)), operations: operations)
        queues[replica].append(entries.count)
        entries.append(LogEntry(change, .pending))
    }

    static func replica(_ index: Int) -> ReplicaID { Story.replica(["a", "b", "c"][index]) }

    /// A view that holds an accepted change of its replica holds it by number too.
    private func ownSeen(_ replica: Int, by position: Position) -> UInt64 {
        entries.filter { entry in
            entry.id.replica == Self.replica(replica)
                && entry.placement.position.map { $0 <= position } ?? false
        }.map(\.id.number).max() ?? 0
    }

    private func view(_ base: Base, _ replica: ReplicaID) -> [LogEntry] {
        entries.filter { entry in
            entry.id.replica == replica
                ? entry.id.number <= base.own
                : entry.placement.position.map { $0 <= base.position } ?? false
        }
    }

    private mutating func operation(_ view: [LogEntry], _ base: Base, _ replica: ReplicaID) -> Operation {
        let record = Self.records[random.below(busyRecords)]
        let shown = RecordFold.fold(record: record, entries: view)
        switch random.below(14) {
        case 0: return .create(record, kind: "note", parent: parent(of: record), key: nil)
        case 1: return .remove(record, settling: settling(shown.conflict))
        case 2: return .restore(record, settling: settling(shown.conflict))
        default: break
        }
        let (field, policy) = busyFields[random.below(busyFields.count)]
        switch policy {
        case .set: return random.chance(60) ? .insert(record, field, value()) : .take(record, field, value())
        case .text: return text(record, field, shown, base, replica)
        default: break
        }
        guard let write = policy.writePolicy else { return .restore(record, settling: []) }
        let conflict = shown[field]?.conflicts.first
        guard conflict != nil ? random.chance(60) : random.chance(10) else {
            return .write(record, field, write, value())
        }
        let changes = settling(conflict)
        let choice: Choice =
            if random.chance(50), let change = changes.randomElement(using: &random) {
                .keep(change)
            } else {
                .value(value())
            }
        return .resolve(record, field, write, choice, settling: changes)
    }

    private mutating func text(
        _ record: RecordID, _ field: FieldName, _ shown: MergedRecord, _ base: Base, _ replica: ReplicaID
    ) -> Operation {
        if let conflict = shown[field]?.conflicts.first, random.chance(30) {
            return .accept(record, field, settling: conflict.settling)
        }
        let version = TextVersion(of: field, record, in: entries, at: base, replica: replica)
        // Now and then beyond the end: a faulty client.
        let length = version.text.unicodeScalars.count + (random.chance(5) ? 2 : 0)
        let words = ["x", "lang", "ë", "e\u{308}"]
        guard length > 0, random.chance(35) else {
            let insert = TextOperation.insert(at: random.below(length + 1), text: words[random.below(4)])
            return .edit(record, field, check: version.check, [insert])
        }
        let start = random.below(length)
        let count = 1 + random.below(length - start)
        return .edit(record, field, check: version.check, [.delete(at: start, count: count)])
    }

    private mutating func parent(of record: RecordID) -> RecordID? {
        random.chance(70) && record != Self.records[0] ? Self.records[random.below(2)] : nil
    }

    private mutating func value() -> Value {
        let values: [Value] = [.text("é"), .text("e\u{301}"), .integer(1), .null, .list([.boolean(true)])]
        return values[random.below(values.count)]
    }

    /// Mostly what the conflict asks for; sometimes a part of it, or something else.
    private mutating func settling(_ conflict: Conflict?) -> [ChangeID] {
        var changes = conflict?.settling ?? []
        if random.chance(20), !changes.isEmpty { changes.remove(at: random.below(changes.count)) }
        if random.chance(10), let other = entries.randomElement(using: &random) { changes.append(other.id) }
        return Array(Set(changes)).sorted()
    }
}
