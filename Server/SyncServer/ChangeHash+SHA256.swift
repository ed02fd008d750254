import ChangeLog
import Cryptography

/// The hash function of the change log.
let sha256: HashFunction = { bytes in
    guard let hash = ChangeHash(bytes: SHA256.hash(bytes).bytes) else {
        preconditionFailure("a SHA-256 digest has 32 bytes")
    }
    return hash
}
