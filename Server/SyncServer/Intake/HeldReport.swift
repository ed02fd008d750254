public import ChangeLog

/// A change that waits for the secretariat, with what is needed to judge it.
public struct HeldReport: Hashable, Sendable {
    public let change: ChangeID
    public let audience: AudienceID
    /// Why it is held.
    public let reason: Reason
    /// When the server first received it, milliseconds since 1970 UTC.
    public let receivedMilliseconds: Int64
    /// What its author's clock said, milliseconds since 1970 UTC.
    public let claimedMilliseconds: Int64
    public let device: RecordID
    /// nil for the server itself.
    public let person: RecordID?
    /// The members of its group, itself among them, in order; itself alone without one.
    public let group: [ChangeID]
    public let operations: [Operation]
    /// How many later changes of that replica wait behind it.
    public let waiting: Int
}
