import Cryptography

/// The one place where hashes are computed.
enum SHA256Digest {
    static func bytes(of message: [UInt8]) -> [UInt8] { SHA256.hash(message).bytes }
}
