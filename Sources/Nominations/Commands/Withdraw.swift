public import ChangeLog
import Merging

/// Withdraws a submitted nomination; its draft stays, and can be submitted again.
public struct Withdraw: NominationCommand {
    /// The nomination in the audience of the person's organisation.
    public var nomination: RecordID

    public init(nomination: RecordID) { self.nomination = nomination }

    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let (merged, _) = try view.found(nomination)
        guard let key = merged.nominationKey else { throw NominationError(.recordKind) }
        var draft = RecordDraft(key.standing(view.hash), .standing)
        switch try view.read({ try view.standing(of: key) }) {
        case nil: throw NominationError(.nominationNotSubmitted)
        case .withdrawn?: break
        case .submitted?: draft.set(StandingField.standing, .text(Standing.withdrawn.rawValue))
        }
        return Drafted(draft, in: key.audience(view.hash))
    }
}
