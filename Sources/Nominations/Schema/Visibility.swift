/// For whom an annotation is meant.
public enum Visibility: String, Hashable, Sendable, CaseIterable {
    /// For its author alone.
    case person
    case organisation
    case workgroup
    case jury
}
