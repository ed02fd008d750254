public import ChangeLog
import MunicipalRegister

/// A value as people and scripts read it: JSON types, days and times in ISO 8601, ids in hexadecimal.
public struct ShownValue: Hashable, Sendable, Encodable, CustomStringConvertible {
    public let value: Value

    public init(_ value: Value) { self.value = value }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .null, .unknown: try container.encodeNil()
        case .boolean(let truth): try container.encode(truth)
        case .integer(let number): try container.encode(number)
        case .list(let values): try container.encode(values.map(ShownValue.init))
        case .text, .date, .instant, .record, .bytes: try container.encode(description)
        }
    }

    /// On one line; the values of a list are separated by a semicolon.
    public var description: String {
        switch value {
        case .null: ""
        case .boolean(let truth): truth ? "true" : "false"
        case .integer(let number): String(number)
        case .text(let text): text
        case .date(let days): value.day?.iso ?? String(days)
        case .instant(let milliseconds): AmsterdamTime.iso(milliseconds)
        case .record(let record): record.description
        case .bytes(let bytes): Hexadecimal.text(bytes)
        case .list(let values): values.map { ShownValue($0).description }.joined(separator: "; ")
        case .unknown(_, let bytes): Hexadecimal.text(bytes)
        }
    }
}
