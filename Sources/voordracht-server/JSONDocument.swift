/// A document that scripts read: keys stand in the order given and never vanish.
indirect enum JSONDocument {
    case null
    case boolean(Bool)
    case integer(Int64)
    case string(String)
    case list([JSONDocument])
    case object([(String, JSONDocument)])

    /// One line, in UTF-8, without needless escapes (RFC 8259).
    var text: String {
        switch self {
        case .null: "null"
        case .boolean(let truth): truth ? "true" : "false"
        case .integer(let number): String(number)
        case .string(let string): Self.quoted(string)
        case .list(let items): "[\(items.map(\.text).joined(separator: ","))]"
        case .object(let members):
            "{\(members.map { "\(Self.quoted($0.0)):\($0.1.text)" }.joined(separator: ","))}"
        }
    }

    private static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}

extension JSONDocument {
    static func text(_ string: String?) -> JSONDocument { string.map { .string($0) } ?? .null }
    static func number(_ number: (some BinaryInteger)?) -> JSONDocument {
        number.flatMap { Int64(exactly: $0) }.map { .integer($0) } ?? .null
    }
    static func texts(_ strings: [String]) -> JSONDocument { .list(strings.map { .string($0) }) }
    /// Milliseconds since 1970 as UTC in ISO 8601.
    static func time(_ milliseconds: Int64?) -> JSONDocument { .text(milliseconds.map(Moment.text)) }
}
