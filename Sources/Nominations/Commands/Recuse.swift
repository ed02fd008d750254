public import ChangeLog
import Merging
import MunicipalRegister

/// Takes a reviewer out of the judging of one nominee, or lets one in again.
public struct Recuse: NominationCommand {
    /// A name, an alias or a code.
    public var nominee: String
    /// A year, a name or an id; nil for the only open one.
    public var edition: String?
    /// nil for whoever uses the replica.
    public var reviewer: RecordID?
    /// The reason for it is over; for the secretariat.
    public var isLifted: Bool

    public init(
        nominee: String, edition: String? = nil, reviewer: RecordID? = nil, isLifted: Bool = false
    ) {
        self.nominee = nominee
        self.edition = edition
        self.reviewer = reviewer
        self.isLifted = isLifted
    }

    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let edition = try view.edition(edition)
        let nominee = try Nominate.nominee(nominee, in: edition, on: edition.referenceDate)
        let subject = JuryKey(nominee: nominee.id, edition: edition.id).subject(view.hash)
        let key = RecusalKey(reviewer: reviewer ?? view.person, subject: subject)
        let record = key.recusal(view.hash)
        let known = try view.read { try view.merged(record, in: Audience.panel.id) }
        var draft = RecordDraft(record, .recusal)
        if !(known?.isVisible ?? false) {
            draft.create(key: key.recordKey)
            draft.set(RecusalField.nominee, .text(nominee.id.text))
            draft.set(RecusalField.edition, .record(edition.id))
        }
        if known?[RecusalField.recused]?.value != .boolean(!isLifted) {
            draft.set(RecusalField.recused, .boolean(!isLifted))
        }
        return Drafted(draft, in: Audience.panel.id)
    }
}
