public import ChangeLog
import Cryptography
import Glibc
import SyncProtocol

extension Replica {
    /// Makes a folder of this machine a device of the person whom the link invites.
    ///
    /// The key is made and kept here before anything is sent. Repeated after a lost answer, it gives
    /// the same device with the same replica. A folder that is a replica already is enrolled again where its server
    /// does not know it any more.
    ///
    /// - Throws: `Reason` where the link cannot be read or the server refuses it; `ConnectionError`;
    ///   `ReplicaError.exists` where the folder is a replica already that the server knows, or of another server.
    public static func enrol(
        _ link: String, at folder: String, deviceName: String, rules: DomainRules,
        environment: ReplicaEnvironment = .system
    ) async throws -> Replica {
        let link = try EnrolmentLink(link)
        let place = ReplicaFolder(folder)
        // An enrolment that was cut short while it made the database is taken up again.
        if place.holdsReplica, try ReplicaDatabase.isMarked(place) {
            return try await open(at: folder, rules: rules, environment: environment).enrolledAgain(
                with: link, deviceName: deviceName)
        }
        try place.make()
        let key: PrivateKey
        if place.holdsKey {
            key = try place.key()
        } else {
            key = try PrivateKey.generate()
            try place.write(key: key)
        }
        let outcome = try await Enrolment.request(
            link, key: key, replica: replica(of: key.publicKey), deviceName: deviceName)
        return try create(
            at: folder, identity: outcome.identity, key: key, certificate: outcome.certificate,
            authority: outcome.authority, rules: rules, environment: environment)
    }

    /// The first replica of a key: as random as the key is, and the same when enrolment is repeated.
    private static func replica(of key: PublicKey) -> ReplicaID {
        ReplicaID(hash([0x11] + key.subjectPublicKeyInfo).prefix128)
    }

    /// SHA-256, as the engine takes it.
    public static let hash: HashFunction = { message in
        guard let hash = ChangeHash(bytes: SHA256.hash(message).bytes) else {
            preconditionFailure("SHA-256 has 32 bytes")
        }
        return hash
    }

    /// A connection to the server that this device was enrolled at; nothing is sent yet.
    public func connection() throws -> ServerConnection {
        try ServerConnection(
            address: identity.address, authority: try authority(), certificate: try certificate(),
            key: try key())
    }
}

extension ReplicaFolder {
    /// Whether an enrolment was begun here.
    fileprivate var holdsKey: Bool { access(path + "/device.key", F_OK) == 0 }
}
