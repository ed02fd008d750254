import ChangeLog
import Merging

/// Closes an edition: nothing is submitted any more, while drafts can be edited.
public struct CloseEdition: NominationCommand {
    /// A year, a name or an id.
    public var edition: String

    public init(edition: String) { self.edition = edition }

    /// Before its closing, an edition closes now: what was received until then stays in time.
    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let edition = try view.edition(edition)
        var draft = RecordDraft(edition.id, .edition)
        if edition[EditionField.phase]?.value?.text != EditionPhase.closed.rawValue {
            draft.set(EditionField.phase, .text(EditionPhase.closed.rawValue))
            let closes = edition[EditionField.closes]?.value?.instant
            if closes.map({ $0 > view.nowMilliseconds }) ?? true {
                draft.set(EditionField.closes, .instant(view.nowMilliseconds))
            }
        }
        return Drafted(draft, in: Roster.audience)
    }
}
