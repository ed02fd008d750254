/// What a reviewer would do with a nominee.
public enum Advice: String, Hashable, Sendable, CaseIterable {
    case award
    case shortlist
    case decline
}
