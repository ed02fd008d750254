public import ChangeLog
import Merging

/// A record by its id and the name that people know it by.
public struct NamedRecord: Hashable, Sendable, Encodable {
    /// In hexadecimal.
    public let record: String
    /// Empty where the view holds no name.
    public let name: String

    public init(_ record: RecordID, name: String) {
        self.record = record.description
        self.name = name
    }
}

extension NominationsReader {
    /// A person, an organisation, an edition or a criterion, by the name in the audience `everyone`.
    public func named(_ record: RecordID) throws -> NamedRecord {
        let merged = try merged(record, in: Roster.audience)
        let title = merged?.kind.flatMap { NominationSchema.schema[$0]?.title }
        return NamedRecord(record, name: title.flatMap { merged?[$0]?.value?.text } ?? "")
    }

    /// Whoever uses a replica; nil for the server and for unknown ones.
    public func author(_ replica: ReplicaID) throws -> NamedRecord? {
        try person(of: replica).map { try named($0) }
    }
}
