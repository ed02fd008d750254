/// What a person may do; somebody can have several.
public enum Role: String, Hashable, Sendable, CaseIterable {
    /// Runs editions; admits held changes.
    case secretariat
    /// Nominates for the own organisation.
    case member
    /// As a member, and invites colleagues.
    case contact
    /// Reads and annotates for the council's workgroup.
    case workgroup
    /// Sits on the jury.
    case reviewer
    /// Reads what is submitted, writes nothing.
    case auditor
}
