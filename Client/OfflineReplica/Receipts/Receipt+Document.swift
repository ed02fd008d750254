import ChangeLog
import Cryptography
public import Foundation
import SyncProtocol
import TransparencyLog

/// The file of a receipt, as PROTOCOL.md has it: bytes in hexadecimal, moments in milliseconds.
private struct ReceiptDocument: Codable {
    struct Author: Codable {
        let key: String
        let links: [String]
        let signature: String
    }

    struct Leaf: Codable {
        let index: UInt64
        let received: Int64
        let verdict: String
        let position: UInt64?
    }

    struct Head: Codable {
        let epoch: String
        let size: UInt64
        let root: String
        let time: Int64
        let signature: String
    }

    /// The version of this form.
    struct Version: Decodable { let receipt: Int }

    let receipt: Int
    let association: String
    let change: String
    let previous: String
    let author: Author
    let leaf: Leaf
    let path: [String]
    let head: Head
    let server: String
}

extension Receipt {
    private static let version = 1

    /// The file, as JSON for people to read too.
    public func document() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let tree = head.head
        return try encoder.encode(
            ReceiptDocument(
                receipt: Self.version, association: association,
                change: Hexadecimal.text(change.canonicalBytes), previous: "\(evidence.previous)",
                author: ReceiptDocument.Author(
                    key: Hexadecimal.text(evidence.key), links: evidence.links.map { "\($0)" },
                    signature: Hexadecimal.text(evidence.signature)),
                leaf: ReceiptDocument.Leaf(
                    index: evidence.index, received: evidence.received, verdict: evidence.verdict.word,
                    position: evidence.position?.value),
                path: evidence.path.map { "\($0)" },
                head: ReceiptDocument.Head(
                    epoch: "\(tree.epoch)", size: tree.size, root: "\(tree.root)", time: tree.milliseconds,
                    signature: Hexadecimal.text(head.signature)),
                server: Hexadecimal.text(serverKey.subjectPublicKeyInfo)))
    }

    /// Reads a file; whether what it says is true, `check` tells.
    ///
    /// - Throws: `ReceiptError` `malformed` or `version`.
    public init(document data: Data) throws {
        let decoder = JSONDecoder()
        let document: ReceiptDocument
        do {
            let version = try decoder.decode(ReceiptDocument.Version.self, from: data).receipt
            guard version == Self.version else {
                throw ReceiptError(.version, "This is a receipt of form \(version)")
            }
            document = try decoder.decode(ReceiptDocument.self, from: data)
        } catch let error as DecodingError {
            throw ReceiptError(.malformed, "This is no receipt: \(error.place)")
        }
        let (leaf, tree, author) = (document.leaf, document.head, document.author)
        let bytes = try Self.bytes(document.change, "change")
        guard let verdict = LoggedVerdict(word: leaf.verdict), verdict != .lodged,
            (leaf.position ?? 0 > 0) == (verdict == .accepted)
        else { throw ReceiptError(.malformed, "This is no receipt: leaf.verdict") }
        guard let epoch = Epoch(hex: tree.epoch) else {
            throw ReceiptError(.malformed, "This is no receipt: head.epoch")
        }
        do {
            let change = try Change(canonicalBytes: bytes)
            self.init(
                change: change,
                evidence: ReceiptEvidence(
                    change: change.id, index: leaf.index, received: leaf.received, verdict: verdict,
                    position: leaf.position.map { Position($0) },
                    path: try document.path.map { try Self.hash($0, "path") },
                    previous: try Self.hash(document.previous, "previous"),
                    links: try author.links.map { try Self.hash($0, "author.links") },
                    signature: try Self.bytes(author.signature, "author.signature"),
                    key: try Self.bytes(author.key, "author.key")),
                head: SignedTreeHead(
                    head: TreeHead(
                        epoch: epoch, size: tree.size, root: try Self.hash(tree.root, "head.root"),
                        milliseconds: tree.time),
                    signature: try Self.bytes(tree.signature, "head.signature")),
                serverKey: try PublicKey(
                    subjectPublicKeyInfo: try Self.bytes(document.server, "server")),
                association: document.association)
        } catch let error as ChangeLogError {
            throw ReceiptError(.malformed, "This is no receipt: change: \(error.description)")
        } catch is CryptographyError {
            throw ReceiptError(.malformed, "This is no receipt: server")
        }
    }

    private static func bytes(_ text: String, _ place: String) throws -> [UInt8] {
        guard let bytes = Hexadecimal.bytes(text) else {
            throw ReceiptError(.malformed, "This is no receipt: \(place)")
        }
        return bytes
    }

    private static func hash(_ text: String, _ place: String) throws -> ChangeHash {
        guard let hash = ChangeHash(bytes: try bytes(text, place)) else {
            throw ReceiptError(.malformed, "This is no receipt: \(place)")
        }
        return hash
    }
}

extension LoggedVerdict {
    var word: String {
        switch self {
        case .accepted: "accepted"
        case .held: "held"
        case .waiting: "waiting"
        case .refused: "refused"
        case .lodged: "lodged"
        }
    }

    init?(word: String) {
        guard let verdict = Self.allCases.first(where: { Array($0.word.utf8) == Array(word.utf8) }) else {
            return nil
        }
        self = verdict
    }
}

extension DecodingError {
    /// The member that is wrong; what the decoder says where it is the file as a whole.
    fileprivate var place: String {
        let context: Context
        switch self {
        case .keyNotFound(let key, let found):
            return (found.codingPath.map(\.stringValue) + [key.stringValue]).joined(separator: ".")
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found):
            context = found
        @unknown default: return "\(self)"
        }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? "it is no JSON object" : path
    }
}
