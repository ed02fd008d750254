public import ChangeLog

/// What is decided about an edition.
public struct EditionFacts: Hashable, Sendable {
    public let phase: EditionPhase
    /// Milliseconds since 1970 UTC; nil for no closing yet.
    public let closes: Int64?
    /// How long after closing what was witnessed before it may arrive, hours.
    public let graceHours: Int64
    /// Days since 1970-01-01.
    public let referenceDate: Int32?

    /// nil where no such edition was decided on. Throws what the source throws.
    public init?(of edition: RecordID, in facts: any FactSource) throws {
        guard let text = try facts.rostered(edition, EditionField.phase)?.text,
            let phase = EditionPhase(rawValue: text)
        else { return nil }
        self.phase = phase
        closes = try facts.rostered(edition, EditionField.closes)?.instant
        graceHours = max(0, try facts.rostered(edition, EditionField.graceHours)?.integer ?? 0)
        referenceDate = try facts.rostered(edition, EditionField.referenceDate)?.date
    }
}
