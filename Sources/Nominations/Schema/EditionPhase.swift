/// How far an edition has come.
public enum EditionPhase: String, Hashable, Sendable, CaseIterable {
    /// Being prepared: no nominations yet.
    case draft
    case open
    /// No submissions any more; drafts can still be edited.
    case closed
}
