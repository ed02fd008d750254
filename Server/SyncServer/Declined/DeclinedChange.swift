public import ChangeLog

/// A change that never got a position, and whose contents the server keeps for its author: the secretariat has declined
/// it, or a retired device has handed it in from its tray.
public struct DeclinedChange: Hashable, Sendable {
    public let change: ChangeID
    public let audience: AudienceID
    public let person: RecordID
    /// When the server first received it, milliseconds since 1970 UTC.
    public let receivedMilliseconds: Int64
    /// Why it does not stand.
    public let reason: Reason
    /// With a salt of its own; nil where they cannot be read.
    public let contents: Change?
}

/// A part of a list of them.
public struct DeclinedPage: Hashable, Sendable {
    /// In rising order of ids.
    public let changes: [DeclinedChange]
    /// Behind which the rest begins; nil at the end.
    public let next: ChangeID?

    /// Changes in one part.
    static let changes = 100
    /// The contents in one part, bytes; at least one change.
    static let bytes = 1 << 20
}
