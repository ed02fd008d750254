/// A document of results: what scripts read.
///
/// Keys keep the order in which they are given, so the same result is the same bytes; a key that has
/// nothing to say is null or empty, never absent.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case string(String)
    case array([JSON])
    case object([Member])

    /// A key with its value.
    public struct Member: Hashable, Sendable {
        public let key: String
        public let value: JSON

        public init(_ key: String, _ value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// The value under a key of an object.
    public subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The document in one line, after RFC 8259: control characters, quotes and backslashes escaped,
    /// everything else as UTF-8.
    public var text: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let truth): bytes += (truth ? "true" : "false").utf8
        case .int(let number): bytes += String(number).utf8
        case .string(let text): Self.write(text, to: &bytes)
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                item.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 10: bytes += "\\n".utf8
            case 13: bytes += "\\r".utf8
            case 9: bytes += "\\t".utf8
            case 0..<32: bytes += "\\u00\(Hexadecimal.text([byte]))".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral text: String) { self = .string(text) }
    public init(booleanLiteral truth: Bool) { self = .bool(truth) }
    public init(integerLiteral number: Int64) { self = .int(number) }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    public init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(members.map { Member($0.0, $0.1) })
    }
    public init(arrayLiteral items: JSON...) { self = .array(items) }
}

extension JSON {
    init(_ text: String?) { self = text.map { .string($0) } ?? .null }
    init(_ number: Int) { self = .int(Int64(number)) }
    /// Numbers beyond 63 bits, which no log reaches, stand at the end.
    init(_ number: UInt64?) { self = number.map { .int(Int64(clamping: $0)) } ?? .null }
    init(_ position: Position?) { self.init(position?.value) }
    init(_ items: [some Documented]) { self = .array(items.map(\.json)) }
    init(_ item: (some Documented)?) { self = item?.json ?? .null }
    init(_ texts: [String]) { self = .array(texts.map { .string($0) }) }
    /// A moment in UTC after ISO 8601; milliseconds since 1970.
    init(milliseconds: Int64?) { self = milliseconds.map { .string(AmsterdamTime.iso($0)) } ?? .null }
}

/// A result that has a document of its own.
public protocol Documented {
    var json: JSON { get }
}
