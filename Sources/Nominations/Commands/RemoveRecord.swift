public import ChangeLog
import Merging

/// Removes a record with all that it contains.
public struct RemoveRecord: NominationCommand {
    public var record: RecordID

    public init(record: RecordID) { self.record = record }

    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let (merged, audience) = try view.found(record)
        guard let kind = merged.kind else { throw NominationError(.recordUnknown) }
        var draft = RecordDraft(record, kind)
        draft.append(.remove(record, settling: []))
        return Drafted(draft, in: audience)
    }
}
