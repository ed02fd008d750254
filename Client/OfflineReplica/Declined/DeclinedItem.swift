public import ChangeLog

/// A change of this person, or of one that the person looks after, that never got its place in the order, and whose
/// contents the server keeps.
public struct DeclinedItem: Hashable, Sendable {
    public let change: ChangeID
    public let audience: AudienceID
    /// Who wrote it.
    public let person: RecordID
    /// When the server first received it, milliseconds since 1970 UTC.
    public let received: Int64
    /// Why it does not stand.
    public let reason: Reason
    /// As the server says it; nil where it has none that can be read.
    public let contents: Change?
}

/// A part of a list of them.
public struct DeclinedPart: Hashable, Sendable {
    /// In rising order of ids.
    public let items: [DeclinedItem]
    /// Behind which the rest begins; nil at the end.
    public let next: ChangeID?
}
