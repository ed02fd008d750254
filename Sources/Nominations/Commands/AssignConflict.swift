public import ChangeLog
import Merging

/// Asks somebody to settle a conflict.
///
/// The request stands where everybody reads it whom it concerns: that of a submitted nomination with
/// its submissions, which the organisation reads too; any other with the record in conflict.
public struct AssignConflict: NominationCommand {
    /// The id of the conflict, open here or listed in a submission.
    public var conflict: String
    public var assignee: RecordID
    public var note: String?

    public init(conflict: String, to assignee: RecordID, note: String? = nil) {
        self.conflict = conflict
        self.assignee = assignee
        self.note = note
    }

    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let key = RecordKey.assignment(conflict: conflict)
        let record = key.record(kind: .assignment, hash: view.hash)
        let audience = try audience(view)
        let known = try view.read { try view.merged(record, in: audience) }
        var draft = RecordDraft(record, .assignment)
        if !(known?.isVisible ?? false) { draft.create(key: key) }
        draft.set(AssignmentField.assignee, .record(assignee))
        draft.set(AssignmentField.note, note.map { .text($0) })
        return Drafted(draft, in: audience)
    }

    private func audience(_ view: some NominationsReader) throws(NominationError) -> AudienceID {
        let submitted = try view.read { try view.submissionAudience(ofConflict: conflict) }
        if let submitted { return submitted }
        let found = try view.conflict(conflict)
        let home = try view.read { () throws -> AudienceID? in
            let nomination = try view.nomination(of: found.record, in: found.audience)
            guard let key = nomination?.nominationKey, try view.standing(of: key) != nil else { return nil }
            return key.audience(view.hash)
        }
        return home ?? found.audience
    }
}

extension NominationsReader {
    /// The audience of the nomination whose latest accepted submission lists a conflict.
    func submissionAudience(ofConflict id: String) throws -> AudienceID? {
        for audience in try audiences() {
            guard case .nomination? = Audience(audience) else { continue }
            let latest = try SubmissionRecord.all(in: audience, self).last { $0.position != nil }
            if latest?.content.conflicts.contains(where: { Array($0.id.utf8) == Array(id.utf8) }) ?? false {
                return audience
            }
        }
        return nil
    }

    /// Who was asked to settle a conflict, by what the view holds of its audience.
    public func assignee(ofConflict id: String, in audience: AudienceID) throws -> RecordID? {
        let record = RecordKey.assignment(conflict: id).record(kind: .assignment, hash: hash)
        guard let merged = try merged(record, in: audience), merged.isVisible else { return nil }
        return merged[AssignmentField.assignee]?.value?.record
    }
}
