import ChangeLog
import MunicipalRegister
import Nominations
import OfflineReplica

/// How ids are written for people and scripts: a letter for what they name, and 32 digits.
public enum Reference {
    /// `r` and the id.
    public static func text(_ record: RecordID) -> String { "r\(record)" }
    /// `p` and the id.
    public static func text(person: RecordID) -> String { "p\(person)" }

    /// By kind: people have a letter of their own.
    public static func text(_ record: RecordID, kind: RecordKind?) -> String {
        kind == .person ? text(person: record) : text(record)
    }

    /// The fewest digits that name a record.
    public static let shortestPrefix = 6

    /// The digits of an id or of its beginning, with or without the letter; nil for other words.
    ///
    /// At least 6 and at most 32 digits, in lower case.
    static func digits(_ text: String) -> String? {
        let lower = text.lowercased()
        let digits = lower.first == "r" || lower.first == "p" ? lower.dropFirst() : lower[...]
        guard (shortestPrefix...32).contains(digits.utf8.count), digits.utf8.allSatisfy(isDigit) else {
            return nil
        }
        return String(digits)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte)
    }
}

extension ChangeID {
    var json: JSON {
        ["replica": .string("\(replica)"), "number": JSON(number)]
    }
}

extension Value {
    /// As scripts read it: dates and moments after ISO 8601, records by their id, bytes in hexadecimal.
    var json: JSON { json([]) }

    /// - Parameter people: the records in it that are people.
    func json(_ people: Set<RecordID>) -> JSON {
        switch self {
        case .null: .null
        case .boolean(let truth): .bool(truth)
        case .integer(let number): .int(number)
        case .text(let text): .string(text)
        case .date: .string(day?.iso ?? "")
        case .instant(let milliseconds): JSON(milliseconds: milliseconds)
        case .record(let record):
            .string(people.contains(record) ? Reference.text(person: record) : Reference.text(record))
        case .bytes(let bytes): .string(Hexadecimal.text(bytes))
        case .list(let values): .array(values.map { $0.json(people) })
        case .unknown(let tag, let bytes): ["tag": JSON(Int(tag)), "bytes": .string(Hexadecimal.text(bytes))]
        }
    }

    /// As people read it, on one line or more.
    public var plain: String { plain() }

    /// - Parameter people: the records in it that are people.
    public func plain(_ people: Set<RecordID> = [], in language: Language = .english) -> String {
        switch self {
        case .null: "–"
        case .boolean(let truth):
            language == .dutch ? (truth ? "ja" : "nee") : (truth ? "true" : "false")
        case .integer(let number): String(number)
        case .text(let text): text
        case .date: (language == .dutch ? day?.text(.dutch) : day?.iso) ?? ""
        case .instant(let milliseconds): WallClock.text(milliseconds, language)
        case .record(let record):
            people.contains(record) ? Reference.text(person: record) : Reference.text(record)
        case .bytes(let bytes): Hexadecimal.text(bytes)
        case .list(let values): values.map { $0.plain(people, in: language) }.joined(separator: ", ")
        case .unknown(let tag, let bytes): "\(tag):\(Hexadecimal.text(bytes))"
        }
    }
}

extension Value {
    /// The records that it names, wherever they stand in it.
    fileprivate var records: [RecordID] {
        switch self {
        case .record(let record): [record]
        case .list(let values): values.flatMap(\.records)
        default: []
        }
    }
}

extension ReplicaView {
    /// Which of the records that values name are people.
    func people(in values: [Value]) throws -> Set<RecordID> {
        Set(
            try values.flatMap(\.records).filter { record in
                try reader.summary(of: record, in: Roster.audience)?.kind == .person
            })
    }
}
