import ChangeLog
import Merging

/// Whether an own change cannot stand without another one that was refused.
struct Dependence {
    let log: LogTable

    /// True for the rest of its group, for operations on or in a record that only it creates, and for
    /// edits of a text whose version lost an event by it. Nothing else follows.
    func depends(_ row: LoggedRow, on refused: LoggedRow) throws -> Bool {
        guard row.changeID != refused.changeID, let change = row.change, let cause = refused.change else {
            return false
        }
        if isOneGroup(row.envelope, refused.envelope) { return true }
        guard row.audience == refused.audience else { return false }
        if change.operations.contains(where: { edits($0, aTextOf: cause, row.envelope.base) }) { return true }
        guard refused.changeID.number < row.changeID.number else { return false }
        return try change.neededRecords.contains { record in
            try cause.creates(record) && !isCreatedOtherwise(record, than: refused.changeID, row.audience)
        }
    }

    private func isOneGroup(_ left: Envelope, _ right: Envelope) -> Bool {
        guard let one = left.group, let other = right.group else { return false }
        return left.id.number - UInt64(one.index) == right.id.number - UInt64(other.index)
    }

    private func edits(_ operation: Operation, aTextOf cause: Change, _ base: Base) -> Bool {
        guard case .edit(let record, let field, _, _) = operation, base.own >= cause.id.number else {
            return false
        }
        return cause.operations.contains { other in
            if case .edit(record, field, _, _) = other { true } else { false }
        }
    }

    private func isCreatedOtherwise(
        _ record: RecordID, than change: ChangeID, _ audience: AudienceID
    ) throws -> Bool {
        try log.entries(of: record, in: audience).contains { entry in
            entry.id != change && entry.change.creates(record)
        }
    }
}

extension Change {
    func creates(_ record: RecordID) -> Bool { operations.contains { $0.createdRecord == record } }

    /// The records that must be there before it: what it touches or builds in, and does not create.
    fileprivate var neededRecords: [RecordID] {
        operations.compactMap { operation in
            var needed: RecordID? = operation.record
            if case .create(_, _, let parent, _) = operation { needed = parent }
            return needed.flatMap { creates($0) ? nil : $0 }
        }
    }
}

extension Operation {
    var createdRecord: RecordID? {
        if case .create(let record, _, _, _) = self { record } else { nil }
    }
}
