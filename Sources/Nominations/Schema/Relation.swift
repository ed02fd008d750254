/// What binds a nominating organisation to the nominee: declared, never forbidden.
public enum Relation: String, Hashable, Sendable, CaseIterable {
    case none
    /// The organisation is subsidised by the nominee.
    case subsidy
    /// The nominee is a client of the organisation.
    case client
    case partner
    case other
}
