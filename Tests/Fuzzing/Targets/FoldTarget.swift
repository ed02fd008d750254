import ChangeLog
import Merging
import TextCRDT

/// Changes as a server can hand them on, whatever their authors claim to have seen and do: every order of
/// arrival folds to the same bytes, and those are what a fold from scratch gives.
enum FoldTarget {
    private static let audience = Roster.audience
    private static let records = (1...3).map { RecordID(Identifier128(high: 0, low: $0)) }
    private static let mostChanges = 24

    static func check(_ bytes: [UInt8]) throws {
        let entries = entries(bytes)
        var (forth, back, grown) = (Workspace(), Workspace(), Workspace())
        for entry in entries { forth.insert(entry) }
        for entry in entries.reversed() { back.insert(entry) }
        for (index, entry) in entries.enumerated() {
            // As its author meets it: without a position first, now and then folded, and then with one.
            grown.insert(LogEntry(entry.change, .pending))
            if index % 8 == 5 {
                _ = grown.merged(entry.change.operations[0].record, in: audience)
            }
            if case .accepted(let position, let effective) = entry.placement {
                grown.place(entry.id, at: position, effective: effective)
            }
        }
        for record in records {
            let merged = forth.merged(record, in: audience)
            let bytes = merged?.canonicalBytes
            try promise(back.merged(record, in: audience)?.canonicalBytes == bytes, "another order")
            try promise(back.merged(record, in: audience) == merged, "another order, another history")
            try promise(grown.merged(record, in: audience) == merged, "placed later, another fold")
            try checkText(of: record, in: entries, merged)
        }
    }

    /// A view of everything shows what the fold shows.
    private static func checkText(of record: RecordID, in entries: [LogEntry], _ merged: MergedRecord?) throws
    {
        guard let text = merged?["text"], text.policy == .text, let replica = entries.last?.id.replica else {
            return
        }
        let all = Base(epoch: Epoch(1), position: Position(UInt64.max), own: UInt64.max)
        let accepted = entries.filter { $0.placement.position != nil || $0.id.replica == replica }
        let version = TextVersion(of: "text", record, in: accepted, at: all, replica: replica)
        guard accepted.count == entries.count else { return }
        try promise(version.text == text.value?.text ?? "", "a view of everything shows another text")
    }

    private static func entries(_ bytes: [UInt8]) -> [LogEntry] {
        var tape = ByteTape(bytes)
        var numbers: [UInt64] = [0, 0, 0]
        var entries: [LogEntry] = []
        var position: UInt64 = 0
        while !tape.isAtEnd, entries.count < mostChanges {
            let author = tape.below(3)
            numbers[author] += 1
            let number = numbers[author]
            let base = Base(
                epoch: Epoch(1), position: Position(tape.number() % (position + 1)),
                own: tape.below(4) == 0 ? tape.number() % number : number - 1)
            let operations = (0...tape.below(3)).map { _ in operation(&tape) }
            let change = Change(
                envelope: Envelope(
                    id: ChangeID(replica: replica(author), number: number), base: base,
                    time: HybridTime(UInt64(tape.below(8))), audience: audience, schema: 1),
                salt: .plain(Identifier128(high: 0, low: 0)), operations: operations)
            position += 1
            let effective = HybridTime(UInt64(tape.below(8)))
            entries.append(LogEntry(change, .accepted(Position(position), effective: effective)))
        }
        guard tape.below(2) == 1, let last = entries.indices.last else { return entries }
        // The reader's own last change has no position yet.
        entries[last].placement = .pending
        return entries
    }

    private static func replica(_ index: Int) -> ReplicaID {
        ReplicaID(Identifier128(high: UInt64(index), low: 1))
    }

    private static func operation(_ tape: inout ByteTape) -> Operation {
        let record = tape.pick(records)
        switch tape.below(12) {
        case 0:
            return .create(
                record, kind: "note", parent: tape.below(2) == 0 ? nil : tape.pick(records), key: nil)
        case 1: return .remove(record, settling: settling(&tape))
        case 2: return .restore(record, settling: settling(&tape))
        case 3: return .insert(record, "tags", value(&tape))
        case 4: return .take(record, "tags", value(&tape))
        case 5, 6:
            return .edit(record, "text", check: TextCheck(UInt64(tape.byte())), [edit(&tape), edit(&tape)])
        case 7: return .accept(record, "text", settling: settling(&tape))
        case 8:
            return .resolve(record, "field", policy(&tape), .keep(change(&tape)), settling: settling(&tape))
        case 9:
            return .resolve(record, "field", policy(&tape), .value(value(&tape)), settling: settling(&tape))
        default: return .write(record, "field", policy(&tape), value(&tape))
        }
    }

    private static func edit(_ tape: inout ByteTape) -> TextOperation {
        let index = tape.below(12)
        return tape.below(3) == 0
            ? .delete(at: index, count: 1 + tape.below(6))
            : .insert(at: index, text: tape.pick(["a", "bc", "é"]))
    }

    private static func value(_ tape: inout ByteTape) -> Value {
        tape.pick([.null, .text("é"), .text("e\u{301}"), .integer(1), .list([.boolean(true)])])
    }

    private static func policy(_ tape: inout ByteTape) -> WritePolicy { tape.pick(WritePolicy.allCases) }

    private static func change(_ tape: inout ByteTape) -> ChangeID {
        ChangeID(replica: replica(tape.below(3)), number: UInt64(1 + tape.below(12)))
    }

    private static func settling(_ tape: inout ByteTape) -> [ChangeID] {
        Set((0..<tape.below(4)).map { _ in change(&tape) }).sorted()
    }
}
