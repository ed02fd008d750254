import ChangeLog
import Merging

/// Opens an edition, or opens it again.
public struct OpenEdition: NominationCommand {
    /// A year, a name or an id.
    public var edition: String

    public init(edition: String) { self.edition = edition }

    /// A closing that has passed is lifted where the edition had been closed.
    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let edition = try view.edition(edition)
        var draft = RecordDraft(edition.id, .edition)
        let phase = edition[EditionField.phase]?.value?.text
        if phase != EditionPhase.open.rawValue {
            draft.set(EditionField.phase, .text(EditionPhase.open.rawValue))
        }
        if phase == EditionPhase.closed.rawValue, let closes = edition[EditionField.closes]?.value?.instant,
            closes <= view.nowMilliseconds
        {
            draft.set(EditionField.closes, .null)
        }
        return Drafted(draft, in: Roster.audience)
    }
}
