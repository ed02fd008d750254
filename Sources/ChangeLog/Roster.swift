/// The part of the schema that the engine itself reads: people and their devices, in the audience
/// `everyone`, written by the server alone.
///
/// A device's id is the hash of its public key. A replica belongs to the device that names it.
public enum Roster {
    public static let audience: AudienceID = {
        guard let everyone = AudienceID("everyone") else { preconditionFailure("a constant name") }
        return everyone
    }()

    public static let person: RecordKind = "person"
    public static let device: RecordKind = "device"
    /// That the server was restored from a backup; its key is the new epoch in 8 bytes.
    public static let epoch: RecordKind = "epoch"
    /// That something of a change was erased, in the audience of that change; its key is the replica and the number
    /// in 8 bytes (see `Erasure`).
    public static let erasure: RecordKind = "erasure"

    /// Of an erasure: where. Append-only, a list for each `ErasureMark`.
    public static let erasureMarks: FieldName = "marks"
    /// Of an epoch: a list of the epoch that it goes on from in 8 bytes, the restore point, the leaves and the
    /// root of the tree there, and the moment. Decided.
    public static let epochOrigin: FieldName = "origin"

    /// Of a device: the person it belongs to. Decided; absent for the server's own.
    public static let devicePerson: FieldName = "person"
    /// Of a device: the replicas that write with it, as a list of 16 bytes each. Decided.
    public static let deviceReplicas: FieldName = "replicas"
    /// Of a device: which of its replicas continue which others, as a list (see `Continuation`). Decided.
    public static let deviceContinuations: FieldName = "continues"
    /// Of a device: `active`, `retired` (handed in its queue and purges) or `lost`. Decided.
    public static let deviceStanding: FieldName = "standing"
    /// Of a device: what its owner calls it. Decided.
    public static let deviceName: FieldName = "name"
    /// Of the server's device: the public key to which bundles are sealed, as SubjectPublicKeyInfo in DER. Decided.
    public static let bundleKey: FieldName = "bundleKey"
    /// Of a person: the name that others see. Decided.
    public static let personName: FieldName = "name"

    public static let active = "active"
    public static let retired = "retired"
    public static let lost = "lost"

    /// The natural key of a device: its public key as SubjectPublicKeyInfo (RFC 5280), in DER.
    public static func key(ofDevice publicKey: [UInt8]) -> RecordKey { RecordKey([.bytes(publicKey)]) }
}
