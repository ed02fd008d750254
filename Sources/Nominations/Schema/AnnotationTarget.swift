public import ChangeLog
public import MunicipalRegister

/// What an annotation is about.
public enum AnnotationTarget: Hashable, Sendable {
    /// A nominee of an edition.
    case nominee(NomineeID, edition: RecordID)
    /// A nomination, an example, another annotation.
    case record(RecordID, kind: RecordKind)

    /// nil for a value of another shape.
    public init?(_ value: Value) {
        guard let parts = value.list, parts.count == 3, let kind = parts[0].text, let record = parts[2].record
        else { return nil }
        switch parts[1] {
        case .text(let text) where kind == "nominee":
            guard let nominee = NomineeID(text: text) else { return nil }
            self = .nominee(nominee, edition: record)
        case .null:
            guard let kind = RecordKind(kind) else { return nil }
            self = .record(record, kind: kind)
        default: return nil
        }
    }

    /// The kind, the nominee's id or null, and the record.
    public var value: Value {
        switch self {
        case .nominee(let nominee, let edition):
            .list([.text("nominee"), .text(nominee.text), .record(edition)])
        case .record(let record, let kind): .list([.text(kind.name), .null, .record(record)])
        }
    }
}
