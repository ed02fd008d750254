import ChangeLog
import Merging
import Nominations
import OfflineReplica

/// A note, which needs no edition: a person's own, or one for an audience.
enum Note {
    static func draft(
        _ record: RecordID, _ text: String, in replica: Replica, for audience: AudienceID? = nil
    ) -> Draft {
        Draft(
            audience: audience ?? AudienceID(family: "person", replica.identity.person),
            operations: [
                .operation(.create(record, kind: .annotation, parent: nil, key: nil)),
                .operation(.write(record, AnnotationField.quote, .register, .text(text))),
            ])
    }

    /// What it says on a replica; nil where there is none.
    static func text(_ record: RecordID, in replica: Replica) async throws -> String? {
        let audience = AudienceID(family: "person", replica.identity.person)
        return try await replica.read { reader in
            try reader.merged(record, in: audience)?[AnnotationField.quote]?.value?.text
        }
    }
}
