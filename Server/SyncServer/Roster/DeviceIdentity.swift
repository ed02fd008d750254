public import ChangeLog
public import Cryptography

/// A device that has been enrolled and may speak now.
public struct DeviceIdentity: Hashable, Sendable {
    /// The device's record in the roster: the hash of its public key.
    public let device: RecordID
    /// Whose device it is.
    public let person: RecordID
    public let publicKey: PublicKey
    /// With whose devices it shares the limits of an organisation; nil where it shares with nobody.
    public let organisation: RecordID?
    /// Whether it was retired: it may push what it has not sent, ask what became of it, and say that it has nothing
    /// left; it is delivered nothing.
    public let isRetired: Bool

    public init(
        device: RecordID, person: RecordID, publicKey: PublicKey, organisation: RecordID? = nil,
        isRetired: Bool = false
    ) {
        self.isRetired = isRetired
        self.organisation = organisation
        self.device = device
        self.person = person
        self.publicKey = publicKey
    }
}
