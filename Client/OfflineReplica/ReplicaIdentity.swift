public import ChangeLog
public import Cryptography

/// Who writes with a replica, and which server it belongs to: fixed by enrolment.
public struct ReplicaIdentity: Hashable, Sendable {
    public var person: RecordID
    public var device: RecordID
    public var replica: ReplicaID
    /// `host:port` of the server.
    public var address: String
    public var association: String
    /// The key that signs what the server itself writes: the roster.
    public var serverKey: PublicKey
    /// The lineage of positions at enrolment; the one in force stands in the view.
    public var epoch: Epoch

    public init(
        person: RecordID, device: RecordID, replica: ReplicaID, address: String, association: String,
        serverKey: PublicKey, epoch: Epoch
    ) {
        self.person = person
        self.device = device
        self.replica = replica
        self.address = address
        self.association = association
        self.serverKey = serverKey
        self.epoch = epoch
    }
}
