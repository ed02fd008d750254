import ChangeLog
import Merging

/// What the server asks of every change before the domain's rules: asked here too, so that a person is
/// told at once.
struct StructureCheck {
    let reader: ReplicaReader

    func check(_ operations: [Operation], in audience: AudienceID) throws {
        var created: [RecordID: RecordKind] = [:]
        for operation in operations {
            let record = operation.record
            if case .create(_, let kind, let parent, let key) = operation {
                try checkKey(record, kind, key)
                if let parent, created[parent] == nil, try reader.kind(of: parent, in: audience) == nil {
                    throw unknown(parent, audience)
                }
                created[record] = kind
                continue
            }
            let known = try reader.kind(of: record, in: audience)
            guard let kind = created[record] ?? known else { throw unknown(record, audience) }
            try checkPolicy(operation, kind)
        }
    }

    private func checkKey(_ record: RecordID, _ kind: RecordKind, _ key: RecordKey?) throws {
        guard let key, key.record(kind: kind, hash: ChangeHash.sha256) != record else { return }
        throw Reason(
            code: "record.key", message: "The id \(record) does not follow from the key of this \(kind).",
            remedy: "Make the id from the key.")
    }

    private func checkPolicy(_ operation: Operation, _ kind: RecordKind) throws {
        guard let field = operation.field, let policy = operation.policy,
            let declared = reader.rules.schema[kind]?[field]?.policy, declared != policy
        else { return }
        throw Reason(
            code: "field.policy",
            message: "The field \(field) of a \(kind) merges as \(declared.rawValue), "
                + "not as \(policy.rawValue).",
            remedy: "Use the edit that belongs to this field.")
    }

    private func unknown(_ record: RecordID, _ audience: AudienceID) -> Reason {
        Reason(
            code: "record.unknown", message: "There is no record \(record) in \(audience).",
            remedy: "Name a record that is in view.")
    }
}

extension Operation {
    /// The policy that it names; nil when it is one on the record itself.
    fileprivate var policy: MergePolicy? {
        switch self {
        case .create, .remove, .restore: nil
        case .write(_, _, let policy, _), .resolve(_, _, let policy, _, _): policy.mergePolicy
        case .insert, .take: .set
        case .edit, .accept: .text
        }
    }
}
