public import ChangeLog

/// What the server knows about one device.
public struct DeviceReport: Hashable, Sendable {
    public let device: RecordID
    /// Whose it is; nil for the server's own.
    public let person: RecordID?
    public let name: String
    /// `active`, `retired` or `lost` (see `Roster`).
    public let standing: String
    /// When it last began an exchange, milliseconds since 1970 UTC; nil when it never did.
    public let lastSeenMilliseconds: Int64?
    public let replicas: [ReplicaID]
    /// How far its main stream was when it last began a pull; nil when it never did.
    public let cursor: Position?
    /// What it holds, as far as is known: granted, and not confirmed as purged.
    public let audiences: [AudienceID]
    /// When a retired device said that it was done, milliseconds since 1970 UTC; nil before.
    public let handedInMilliseconds: Int64?
}
