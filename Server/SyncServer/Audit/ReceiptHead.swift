import ChangeLog
public import Foundation
import TransparencyLog

/// The tree head in the file of a receipt: what somebody else was shown of this server's tree.
public struct ReceiptHead: Codable, Hashable, Sendable {
    /// Where it comes from, for what is found.
    public let name: String
    let epoch: String
    let size: UInt64
    let root: String
    let time: Int64
    let signature: String

    /// Reads the head out of a receipt (PROTOCOL.md, section 12.3); the rest of it is for others to check.
    ///
    /// - Throws: `AdministrationError` `receipt.malformed`.
    public init(receipt data: Data, name: String) throws {
        struct File: Decodable {
            struct Head: Decodable {
                let epoch: String
                let size: UInt64
                let root: String
                let time: Int64
                let signature: String
            }

            let head: Head
        }
        let head: File.Head
        do { head = try JSONDecoder().decode(File.self, from: data).head } catch {
            throw AdministrationError(.receiptMalformed, name, place: name)
        }
        self.name = name
        epoch = head.epoch
        size = head.size
        root = head.root
        time = head.time
        signature = head.signature
        guard signed != nil else { throw AdministrationError(.receiptMalformed, name, place: name) }
    }

    /// nil where it holds no hashes.
    var signed: SignedTreeHead? {
        guard let epoch = Epoch(hex: epoch), let signature = Hexadecimal.bytes(signature),
            let root = Hexadecimal.bytes(root).flatMap({ ChangeHash(bytes: $0) })
        else { return nil }
        return SignedTreeHead(
            head: TreeHead(epoch: epoch, size: size, root: root, milliseconds: time),
            signature: signature)
    }
}
