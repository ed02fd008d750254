import ChangeLog
import Nominations
import OfflineReplica

extension Voordracht {
    /// What is to be settled, of one record or of all; a reviewer sees what the submissions list.
    public func conflicts(of record: RecordID? = nil) async throws -> ConflictList {
        ConflictList(conflicts: try await read { try $0.openConflicts(of: record) })
    }

    /// Settles a conflict, named by its id or a unique beginning of it.
    ///
    /// - Throws: `FaceError` `conflictUnknown` or `conflictAmbiguous`; what `perform` throws.
    @discardableResult
    public func resolve(
        _ conflict: String, by settlement: ResolveConflict.Settlement
    ) async throws -> Edit {
        let id = try await read { try $0.conflict(named: conflict).id }
        return try await perform(ResolveConflict(conflict: id, by: settlement))
    }

    /// Asks somebody to settle a conflict.
    @discardableResult
    public func assign(_ conflict: String, to person: RecordID, note: String? = nil) async throws -> Edit {
        let id = try await read { try $0.conflict(named: conflict).id }
        return try await perform(AssignConflict(conflict: id, to: person, note: note))
    }
}
