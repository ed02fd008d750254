import ChangeLog
import Merging
import TextCRDT

/// A few words to write logs with: replicas by letter, one audience, records by number.
struct Story {
    static let audience = AudienceID(family: "organisation", record(1000))

    private(set) var entries: [LogEntry] = []
    private(set) var position: UInt64 = 0
    private var numbers: [ReplicaID: UInt64] = [:]

    static func record(_ number: UInt64) -> RecordID { RecordID(Identifier128(high: 0, low: number)) }
    static func replica(_ letter: Character) -> ReplicaID {
        ReplicaID(Identifier128(high: 7, low: UInt64(letter.asciiValue ?? 0)))
    }

    /// Writes a change that saw everything up to `seeing` (by default all so far) and all of its
    /// replica's own (or those up to `own`), and has it accepted at once unless it is `pending`.
    @discardableResult
    mutating func write(
        _ letter: Character, seeing: UInt64? = nil, own: UInt64? = nil, stamp: UInt64? = nil,
        effective: UInt64? = nil, pending: Bool = false, _ operations: Operation...
    ) -> ChangeID {
        let replica = Self.replica(letter)
        let number = numbers[replica, default: 0] + 1
        numbers[replica] = number
        let base = Base(
            epoch: Epoch(1), position: Position(seeing ?? position), own: own ?? number - 1)
        let id = ChangeID(replica: replica, number: number)
        let time = HybridTime(stamp ?? 100 + UInt64(entries.count))
        let envelope = Envelope(id: id, base: base, time: time, audience: Self.audience, schema: 1)
        let change = Change(
            envelope: envelope, salt: .plain(Identifier128(high: 0, low: number)), operations: operations)
        if !pending { position += 1 }
        let placement: Placement =
            pending
            ? .pending
            : .accepted(Position(position), effective: effective.map { HybridTime($0) } ?? time)
        entries.append(LogEntry(change, placement))
        return id
    }

    /// The record as `Workspace` folds it.
    func merged(_ number: UInt64 = 1) -> MergedRecord {
        var workspace = Workspace()
        for entry in entries { workspace.insert(entry) }
        return workspace.merged(Self.record(number), in: Self.audience)
            ?? RecordFold.fold(record: Self.record(number), entries: [])
    }
}

let one = Story.record(1)
let two = Story.record(2)

func write(_ field: FieldName, _ value: Value, _ policy: WritePolicy = .register) -> Operation {
    .write(one, field, policy, value)
}

func create(_ record: RecordID = one, in parent: RecordID? = nil) -> Operation {
    .create(record, kind: "note", parent: parent, key: nil)
}
