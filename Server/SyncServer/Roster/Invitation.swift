public import ChangeLog
public import Cryptography

/// What lets one device of a person enrol, once.
public struct Invitation: Hashable, Sendable {
    /// 16 unpredictable bytes; the server keeps their hash only.
    public let secret: Identifier128
    /// Not valid from this moment on, milliseconds since 1970 UTC.
    public let expiresMilliseconds: Int64

    public init(secret: Identifier128, expiresMilliseconds: Int64) {
        self.secret = secret
        self.expiresMilliseconds = expiresMilliseconds
    }
}

/// How a device asks to be enrolled.
public struct Enrolment: Hashable, Sendable {
    /// The secret of an invitation.
    public var secret: Identifier128
    public var publicKey: PublicKey
    /// The replica that will write with this device.
    public var replica: ReplicaID
    /// What its owner calls it.
    public var deviceName: String
    /// Whether the device is one already, whose certificate has expired.
    public var isRenewal: Bool

    public init(
        secret: Identifier128, publicKey: PublicKey, replica: ReplicaID, deviceName: String,
        isRenewal: Bool = false
    ) {
        self.secret = secret
        self.publicKey = publicKey
        self.replica = replica
        self.deviceName = deviceName
        self.isRenewal = isRenewal
    }
}

/// What a device is told when it has been enrolled.
public struct EnrolledDevice: Hashable, Sendable {
    public let device: RecordID
    public let person: RecordID
    public let epoch: Epoch

    public init(device: RecordID, person: RecordID, epoch: Epoch) {
        self.device = device
        self.person = person
        self.epoch = epoch
    }
}
