import ChangeLog
import Merging

/// An open conflict and where it stands.
struct FoundConflict {
    let conflict: Conflict
    let record: MergedRecord
    let audience: AudienceID
}

extension NominationsReader {
    /// The open conflict of this id on a record that the view holds.
    func conflict(_ id: String) throws(NominationError) -> FoundConflict {
        let found = try read { () throws -> FoundConflict? in
            guard let record = RecordID(conflict: id), let audience = try audience(of: record),
                let merged = try merged(record, in: audience),
                let conflict = merged.conflicts.first(where: { Array($0.id.utf8) == Array(id.utf8) })
            else { return nil }
            return FoundConflict(conflict: conflict, record: merged, audience: audience)
        }
        if let found { return found }
        // Whoever holds the record itself sees that it is settled; a reviewer sees what was submitted.
        let isSubmitted = try read {
            let isHeld = try RecordID(conflict: id).flatMap { try audience(of: $0) } != nil
            return try !isHeld && submissionAudience(ofConflict: id) != nil
        }
        throw isSubmitted
            ? NominationError(.conflictOrganisation) : NominationError(.conflictUnknown, [id])
    }
}

extension RecordID {
    /// The record that the id of a conflict begins with.
    init?(conflict id: String) {
        guard let stop = id.utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        self.init(hex: id[..<stop])
    }
}
