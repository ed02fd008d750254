public import ChangeLog
import Merging

/// Adds an example to a nomination of the person's organisation.
public struct AddExample: NominationCommand {
    public var nomination: RecordID
    public var title: String
    public var description: String?
    /// Names or ids of criteria of the edition.
    public var criteria: [String]
    public var place: String?
    public var period: String?
    public var evidence: String?
    /// A random id for the example.
    public var fresh: RecordID

    public init(
        nomination: RecordID, title: String, description: String? = nil, criteria: [String] = [],
        place: String? = nil, period: String? = nil, evidence: String? = nil, fresh: RecordID
    ) {
        self.nomination = nomination
        self.title = title
        self.description = description
        self.criteria = criteria
        self.place = place
        self.period = period
        self.evidence = evidence
        self.fresh = fresh
    }

    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let (nomination, audience) = try view.found(nomination)
        guard nomination.kind == .nomination, let key = nomination.nominationKey else {
            throw NominationError(.recordKind)
        }
        var draft = RecordDraft(fresh, .example)
        draft.create(in: nomination.id)
        draft.set(ExampleField.title, .text(try RosterCommands.checked(title)))
        draft.set(ExampleField.description, description.map { .text($0) })
        draft.set(ExampleField.place, place.map { .text($0) })
        draft.set(ExampleField.period, period.map { .text($0) })
        draft.set(ExampleField.evidence, evidence.map { .text($0) })
        let criteria = try view.criteria(criteria, of: key.edition)
        draft.set(ExampleField.criteria, .list(criteria.map { .record($0) }))
        return Drafted(draft, in: audience)
    }
}
