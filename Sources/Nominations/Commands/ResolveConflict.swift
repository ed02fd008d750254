import ChangeLog
import Merging

/// Settles a conflict.
public struct ResolveConflict: NominationCommand {
    /// How it is settled.
    public enum Settlement: Hashable, Sendable {
        /// By a candidate: its change as `replica:number`, a beginning of that of at least 6
        /// characters, or `c1`, `c2`, … in the order in which they are listed.
        case keep(String)
        /// By a new value, as typed; of a text, by how it shall read as a whole.
        case value(String)
    }

    /// The id of the conflict.
    public var conflict: String
    public var settlement: Settlement

    public init(conflict: String, by settlement: Settlement) {
        self.conflict = conflict
        self.settlement = settlement
    }

    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let found = try view.conflict(conflict)
        guard let kind = found.record.kind else { throw NominationError(.kindUnknown) }
        let operations: [DraftOperation]
        switch found.conflict.kind {
        case .removed: operations = [.operation(try presence(found.conflict))]
        case .text: operations = try text(found)
        case .value, .resolution: operations = [.operation(try value(found, in: view))]
        }
        return Drafted(
            record: found.record.id, kind: kind,
            drafts: [Draft(audience: found.audience, operations: operations)])
    }

    /// Keeping the removal removes, keeping an edit or a restoration restores.
    private func presence(_ conflict: Conflict) throws(NominationError) -> Operation {
        guard case .keep(let name) = settlement else {
            throw NominationError(.resolutionChoice, [Self.names(of: conflict)])
        }
        return try candidate(name, of: conflict).role == .removal
            ? .remove(conflict.record, settling: conflict.settling)
            : .restore(conflict.record, settling: conflict.settling)
    }

    /// Both passages may stand together; a new text says how.
    private func text(_ found: FoundConflict) throws(NominationError) -> [DraftOperation] {
        let conflict = found.conflict
        guard let field = conflict.field else { throw NominationError(.conflictUnknown, [conflict.id]) }
        let accept = Operation.accept(conflict.record, field, settling: conflict.settling)
        switch settlement {
        case .value(let text): return [.operation(accept), .text(conflict.record, field, text)]
        case .keep(let name):
            _ = try candidate(name, of: conflict)
            return [.operation(accept)]
        }
    }

    private func value(
        _ found: FoundConflict, in view: some NominationsReader
    ) throws(NominationError) -> Operation {
        let conflict = found.conflict
        guard let field = conflict.field, let policy = conflict.policy?.writePolicy else {
            throw NominationError(.conflictUnknown, [conflict.id])
        }
        let choice: Choice
        switch settlement {
        case .keep(let name):
            let kept = try candidate(name, of: conflict)
            // What is pending may still be refused, and nothing could be kept then: its value is repeated.
            if kept.position == nil, let value = kept.value {
                choice = .value(value)
            } else {
                choice = .keep(kept.change)
            }
        case .value(let text):
            let edit = try FieldEdit(conflict.record, field.name, in: view)
            choice = .value(try edit.value(text, in: view))
        }
        return .resolve(conflict.record, field, policy, choice, settling: conflict.settling)
    }

    private func candidate(
        _ name: String, of conflict: Conflict
    ) throws(NominationError) -> Candidate {
        let wanted = name.lowercased()
        let listed = conflict.candidates.enumerated().first { "c\($0.offset + 1)" == wanted }
        if let listed { return listed.element }
        let fitting = conflict.candidates.filter { candidate in
            let id = candidate.change.description
            return id == wanted || (wanted.utf8.count >= 6 && id.hasPrefix(wanted))
        }
        guard fitting.count == 1 else {
            throw NominationError(
                .candidateUnknown, [name, Self.names(of: conflict)],
                suggestions: Self.list(of: conflict))
        }
        return fitting[0]
    }

    private static func names(of conflict: Conflict) -> String {
        list(of: conflict).joined(separator: ", ")
    }

    /// `c1`, `c2`, … as they are listed.
    private static func list(of conflict: Conflict) -> [String] {
        (1...max(conflict.candidates.count, 1)).map { "c\($0)" }
    }
}
