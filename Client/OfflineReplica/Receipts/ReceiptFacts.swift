public import ChangeLog
import Cryptography
import SyncProtocol
import TransparencyLog

/// What a receipt says once it was checked, for whoever shows it.
public struct ReceiptFacts: Hashable, Sendable {
    public let change: Change
    /// The first receipt, milliseconds since 1970 UTC.
    public let received: Int64
    /// `accepted`, `held`, `waiting` or `refused`.
    public let verdict: String
    public let position: Position?
    public let association: String
    /// SHA-256 of the server's key, hexadecimal.
    public let server: String
    public let epoch: Epoch
    /// Leaves of the tree.
    public let size: UInt64
    public let root: ChangeHash
    /// When the head was signed, milliseconds since 1970 UTC.
    public let time: Int64
}

extension Receipt {
    /// Checks it, and tells what it says.
    ///
    /// - Throws: `ReceiptError` `author`, `leaf` or `head`.
    public func facts() throws -> ReceiptFacts {
        try check()
        return ReceiptFacts(
            change: change, received: evidence.received, verdict: evidence.verdict.word,
            position: evidence.position, association: association,
            server: "\(Replica.hash(serverKey.subjectPublicKeyInfo))", epoch: head.head.epoch,
            size: head.head.size, root: head.head.root, time: head.head.milliseconds)
    }
}
