import ChangeLog
import Foundation
import Testing

/// One file of `Protocol/vectors`: what a structure looks like in bytes, good and bad.
struct VectorFile: Decodable {
    let good: [Vector]
    let bad: [Vector]

    /// Reads the vectors of a structure from the checkout that this test was compiled from.
    init(_ structure: String) throws {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let path = root.appending(path: "Protocol/vectors/\(structure).json")
        self = try JSONDecoder().decode(VectorFile.self, from: Data(contentsOf: path))
        try #require(!good.isEmpty, "\(structure).json has no vectors")
    }
}

/// Bytes with their name and, by structure, what they mean. A part that a structure does not have is
/// asked for in vain, and fails its test.
struct Vector: Decodable {
    let name: String
    private let parts: [String: Part]

    private enum Part: Decodable {
        case text(String)
        case number(Int)
        case list([Part])
        case vector(Vector)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else if let list = try? container.decode([Part].self) {
                self = .list(list)
            } else {
                self = .vector(try container.decode(Vector.self))
            }
        }
    }

    init(from decoder: any Decoder) throws {
        parts = try decoder.singleValueContainer().decode([String: Part].self)
        name = if case .text(let name)? = parts["name"] { name } else { "" }
    }

    func text(_ part: String) throws -> String {
        guard case .text(let text)? = parts[part] else { throw Missing(vector: name, part: part) }
        return text
    }

    func number(_ part: String) throws -> Int {
        guard case .number(let number)? = parts[part] else { throw Missing(vector: name, part: part) }
        return number
    }

    func texts(_ part: String) throws -> [String] {
        try list(part).map { item in
            guard case .text(let text) = item else { throw Missing(vector: name, part: part) }
            return text
        }
    }

    func vectors(_ part: String) throws -> [Vector] {
        try list(part).map { item in
            guard case .vector(let vector) = item else { throw Missing(vector: name, part: part) }
            return vector
        }
    }

    /// The bytes of a part in hexadecimal.
    func bytes(_ part: String = "hex") throws -> [UInt8] {
        try #require(Hexadecimal.bytes(try text(part)), "\(name): \(part) is not hexadecimal")
    }

    func hash(_ part: String) throws -> ChangeHash {
        try #require(ChangeHash(bytes: try bytes(part)), "\(name): \(part) is no hash")
    }

    func hashes(_ part: String) throws -> [ChangeHash] {
        try texts(part).map { hex in
            try #require(ChangeHash(bytes: Hexadecimal.bytes(hex) ?? []), "\(name): \(hex) is no hash")
        }
    }

    private func list(_ part: String) throws -> [Part] {
        guard case .list(let list)? = parts[part] else { throw Missing(vector: name, part: part) }
        return list
    }

    struct Missing: Error {
        let vector: String
        let part: String
    }
}
