/// What an annotation says about its target.
public enum Stance: String, Hashable, Sendable, CaseIterable {
    case strength
    case concern
    /// Counter-evidence.
    case contradiction
    case question
}
