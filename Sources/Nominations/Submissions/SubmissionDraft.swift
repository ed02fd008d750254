import ChangeLog
import Merging

/// Writes one submission, with the standing that it needs.
struct SubmissionDraft {
    let snapshot: Snapshot
    /// The id of the submission.
    let fresh: RecordID
    /// Whether it also says that the nomination takes part (again).
    let declares: Bool
    /// Whether it brings the standing into being, which the view does not hold or holds on its way.
    let founds: Bool

    func drafted(in view: some NominationsReader) -> Drafted {
        let key = snapshot.content.key
        let standing = key.standing(view.hash)
        var operations: [DraftOperation] = []
        if founds || declares {
            var draft = RecordDraft(standing, .standing)
            if founds { draft.create(key: key.recordKey) }
            if declares { draft.set(StandingField.standing, .text(Standing.submitted.rawValue)) }
            operations += draft.operations
        }
        var draft = RecordDraft(fresh, .submission)
        draft.create(in: standing)
        draft.set(SubmissionField.content, snapshot.content.value)
        draft.set(SubmissionField.base, view.base.value)
        draft.set(SubmissionField.contributors, .list(snapshot.contributors.map { .record($0) }))
        operations += draft.operations
        return Drafted(
            record: fresh, kind: .submission,
            drafts: [Draft(audience: key.audience(view.hash), operations: operations)])
    }
}

extension Base {
    /// Epoch, position and own number, by bit pattern.
    fileprivate var value: Value {
        .list([
            .integer(Int64(bitPattern: epoch.value)), .integer(Int64(bitPattern: position.value)),
            .integer(Int64(bitPattern: own)),
        ])
    }
}
