/// Whether a nomination takes part.
public enum Standing: String, Hashable, Sendable, CaseIterable {
    case submitted
    case withdrawn
}
