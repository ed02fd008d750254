public import ChangeLog
import Merging

/// Adds a criterion to an edition.
public struct AddCriterion: NominationCommand {
    public var name: String
    public var description: String?
    /// How heavily it counts, in units of the edition's own choice.
    public var weight: Int?
    /// A year, a name or an id; nil for the only open one.
    public var edition: String?
    /// A random id for the criterion.
    public var fresh: RecordID

    public init(
        name: String, description: String? = nil, weight: Int? = nil, edition: String? = nil,
        fresh: RecordID
    ) {
        self.name = name
        self.description = description
        self.weight = weight
        self.edition = edition
        self.fresh = fresh
    }

    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let edition = try view.edition(edition)
        let others = try view.read { try view.visible(.criterion, in: Roster.audience) }
            .filter { $0.parent == edition.id }
        let last = others.compactMap { $0[CriterionField.order]?.value?.integer }.max() ?? 0
        let name = try RosterCommands.checked(name)
        // By its name it is chosen in other commands.
        if let known = others.first(where: {
            $0[CriterionField.name]?.value?.text?.lowercased() == name.lowercased()
        }) {
            throw NominationError(.criterionExists, [name, "r\(known.id)"])
        }
        var draft = RecordDraft(fresh, .criterion)
        draft.create(in: edition.id)
        draft.set(CriterionField.name, .text(name))
        draft.set(CriterionField.description, description.map { .text($0) })
        draft.set(CriterionField.weight, weight.map { .integer(Int64($0)) })
        // Saturating: a foreign value at the top must not stop the secretariat.
        draft.set(CriterionField.order, .integer(last == .max ? last : last + 1))
        return Drafted(draft, in: Roster.audience)
    }
}
