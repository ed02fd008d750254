public import ChangeLog

/// What is to be erased: the words that anybody wrote in a record, or in one field of it, and the copies of them in
/// submissions.
///
/// Whose a record is and what it is about stays, and so do marks, dates and choices; of decided fields, which rules
/// read, only names are erased.
public struct ErasureScope: Hashable, Sendable {
    public let record: RecordID
    /// nil for all fields.
    public let field: FieldName?
    private let hash: HashFunction

    public init(record: RecordID, field: FieldName? = nil, hash: @escaping HashFunction) {
        self.record = record
        self.field = field
        self.hash = hash
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.record == right.record && left.field == right.field
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(record)
        hasher.combine(field)
    }

    /// The places in one change.
    public func marks(in change: Change) -> [ErasureMark] {
        change.operations.enumerated().flatMap { index, operation in
            let places = operation.record == record ? ownPlaces(operation) : copies(in: operation)
            return places.map { place in
                ErasureMark(operation: index, path: place.path, count: place.count)
            }
        }
    }

    /// The way to a text, and how many scalars it has.
    private struct Place {
        let path: [Int]
        let count: Int
    }

    /// Fields that people choose from a list, or that a command fills in.
    private static let kept = Set(
        NominationSchema.schema.kinds.flatMap(\.fields).filter { field in
            field.policy != .decided && (!field.isEditable || !field.choices.isEmpty)
        }.map(\.name))

    private func isMeant(_ name: FieldName) -> Bool {
        (field == nil || name == field) && !Self.kept.contains(name)
    }

    private func ownPlaces(_ operation: Operation) -> [Place] {
        guard let name = operation.field, isMeant(name) else { return [] }
        switch operation {
        case .edit:
            return operation.insertions.map { Place(path: [$0.edit], count: $0.scalars) }
        case .write(_, _, .decided, _), .resolve(_, _, .decided, _, _):
            return name == Roster.personName ? operation.values.flatMap { places(in: $0, at: []) } : []
        default: return operation.values.flatMap { places(in: $0, at: []) }
        }
    }

    /// What a submission shows of the record.
    private func copies(in operation: Operation) -> [Place] {
        guard case .write(_, SubmissionField.content, .immutable, let value) = operation,
            let content = SubmissionContent(value)
        else { return [] }
        var places: [Place] = []
        if content.key.nomination(hash) == record {
            places += self.places(of: content.fields, at: [4])
        }
        for (index, example) in content.examples.enumerated() where example.record == record {
            places += self.places(of: example.fields, at: [5, index, 1])
        }
        for (index, conflict) in content.conflicts.enumerated()
        where conflict.record == record && conflict.field.map(isMeant) == true {
            for (number, candidate) in conflict.candidates.enumerated() {
                guard let value = candidate.value else { continue }
                places += self.places(in: value, at: [6, index, 6, number, 2, 0])
            }
        }
        return places
    }

    private func places(of fields: [SubmissionContent.Field], at path: [Int]) -> [Place] {
        fields.enumerated().flatMap { index, shown in
            isMeant(shown.name) ? places(in: shown.value, at: path + [index, 1]) : []
        }
    }

    /// A text, or all texts that a list has.
    private func places(in value: Value, at path: [Int]) -> [Place] {
        switch value {
        case .list(let values): values.enumerated().flatMap { places(in: $1, at: path + [$0]) }
        case .text(let text): [Place(path: path, count: text.unicodeScalars.count)]
        default: []
        }
    }
}
