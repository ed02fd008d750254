public import ChangeLog
import Merging

/// Submits a nomination as its draft stands now.
public struct Submit: NominationCommand {
    /// The nomination in the audience of the person's organisation.
    public var nomination: RecordID
    /// A random id for the submission.
    public var fresh: RecordID

    public init(nomination: RecordID, fresh: RecordID) {
        self.nomination = nomination
        self.fresh = fresh
    }

    /// No drafts where the last submission, accepted or on its way, says the same; the record is then
    /// that one.
    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let (merged, audience) = try view.found(nomination)
        guard merged.kind == .nomination else { throw NominationError(.recordKind) }
        let snapshot = try view.read { try Snapshot(of: nomination, in: audience, view) }
        guard let snapshot else { throw NominationError(.recordUnknown) }
        guard !snapshot.content.examples.isEmpty else { throw NominationError(.submissionNoExample) }

        let key = snapshot.content.key
        let home = key.audience(view.hash)
        let standing = try view.read { try view.standing(of: key) }
        let last = try view.read { try SubmissionRecord.all(in: home, view).last }
        if standing == .submitted, let last, last.content.says(theSameAs: snapshot.content) {
            return Drafted(record: last.record, kind: .submission, drafts: [])
        }
        let known = try view.read { try view.merged(key.standing(view.hash), in: home) }
        return SubmissionDraft(
            snapshot: snapshot, fresh: fresh, declares: standing != .submitted,
            founds: !(known?.isVisible ?? false)
        ).drafted(in: view)
    }
}
