import ChangeLog
import Merging
import Nominations
import OfflineReplica

extension ReplicaView {
    /// The open conflicts: those of records that stand here, and those that submissions list.
    func openConflicts(of record: RecordID? = nil) throws -> [ConflictItem] {
        let assignees = try assignees()
        var items = try reader.conflicts(of: record).map { found in
            try ConflictItem(found, assignee: assignees[found.conflict.id], in: self)
        }
        let known = Set(items.map(\.id))
        // Where the draft itself is here, it says what is still open.
        for (submission, audience) in try currentSubmissions(where: { try self.audience(of: $0) == nil }) {
            let draft = submission.content.key.nomination(hash)
            for conflict in submission.content.conflicts where !known.contains(conflict.id) {
                guard
                    record == nil || record == conflict.record || record == submission.record
                        || record == draft
                else { continue }
                items.append(
                    try ConflictItem(
                        conflict, of: submission, audience: audience, assignee: assignees[conflict.id],
                        in: self))
            }
        }
        return items
    }

    /// The latest accepted submission of each nomination that is wanted.
    func currentSubmissions(
        where isWanted: (RecordID) throws -> Bool = { _ in true }
    ) throws -> [(SubmissionRecord, AudienceID)] {
        var found: [(SubmissionRecord, AudienceID)] = []
        for audience in try audiences() {
            guard case .nomination(let nomination)? = Audience(audience), try isWanted(nomination) else {
                continue
            }
            if let last = try SubmissionRecord.all(in: audience, self).last(where: { $0.position != nil }) {
                found.append((last, audience))
            }
        }
        return found
    }

    /// Who was asked to settle which conflict.
    private func assignees() throws -> [String: RecordID] {
        var assignees: [String: RecordID] = [:]
        for summary in try reader.summaries(of: .assignment) {
            guard let merged = try merged(summary.record, in: summary.audience), merged.isVisible,
                let conflict = merged.creation?.key?.values.first?.text,
                let assignee = merged[AssignmentField.assignee]?.value?.record
            else { continue }
            assignees[conflict] = assignee
        }
        return assignees
    }

    /// The conflict that an id or a unique beginning of it names.
    ///
    /// - Throws: `FaceError` `conflictUnknown` or `conflictAmbiguous`.
    func conflict(named text: String) throws -> ConflictItem {
        let all = try openConflicts()
        let wanted = text.first == "r" ? text.dropFirst() : text[...]
        if let exact = all.first(where: { Array($0.id.utf8) == Array(wanted.utf8) }) { return exact }
        let fitting =
            wanted.utf8.count >= Reference.shortestPrefix
            ? all.filter { $0.id.utf8.starts(with: wanted.utf8) } : []
        if fitting.count == 1 { return fitting[0] }
        let names = (fitting.isEmpty ? all : fitting).map(\.id)
        throw FaceError(fitting.isEmpty ? .conflictUnknown : .conflictAmbiguous, [text], suggestions: names)
    }
}
