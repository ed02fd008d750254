public import ChangeLog
import GRDB
public import Merging

/// What a replica shows, read inside one transaction: everything that one reader answers is of one
/// moment.
///
/// As a source of facts it tells the decided facts of the view: what is accepted up to the cursor, and
/// the replica's own changes on top.
public struct ReplicaReader {
    let db: Database
    public let identity: ReplicaIdentity
    let rules: DomainRules
    private let folds = FoldMemory()

    init(db: Database, identity: ReplicaIdentity, rules: DomainRules) {
        self.db = db
        self.identity = identity
        self.rules = rules
    }

    public var schema: Schema { rules.schema }

    /// The newest view: what a screen that is filled by this reader shows.
    public func view() throws -> View { try ReplicaState.load(db).view }

    /// The fold of a record; nil when nothing in view touches it. Removed records are folded too.
    public func merged(_ record: RecordID, in audience: AudienceID) throws -> MergedRecord? {
        let address = RecordAddress(audience: audience, record: record)
        if let known = folds.records[address] { return known }
        let merged = try ReadModel(db: db, schema: rules.schema).merged(address)
        folds.records[address] = merged
        return merged
    }

    /// The audiences that hold a record of this id, by name.
    public func audiences(of record: RecordID) throws -> [AudienceID] {
        try Row.fetchAll(
            try db.cachedStatement(
                sql: """
                    SELECT name AS audience FROM record JOIN audience ON audience.id = record.audience
                    WHERE record = ? ORDER BY name
                    """),
            arguments: [record.data]
        ).map { try $0.audience("audience") }
    }

    /// The text of a field that a view showed.
    public func text(
        of record: RecordID, _ field: FieldName, in audience: AudienceID, at view: View
    ) throws -> String {
        let base = Base(epoch: view.epoch, position: view.cursor, own: view.own)
        return TextVersion(
            of: field, record, in: try LogTable(db: db).entries(of: record, in: audience), at: base,
            replica: identity.replica,
            lineage: try ContinuationTable(db: db).lineages()[identity.replica]
        ).text
    }

    /// nil when nothing in view creates the record.
    func kind(of record: RecordID, in audience: AudienceID) throws -> RecordKind? {
        let statement = try db.cachedStatement(
            sql: "SELECT kind FROM record WHERE audience = \(AudienceTable.named) AND record = ?")
        return try String.fetchOne(statement, arguments: [audience.name, record.data])
            .flatMap { RecordKind($0) }
    }
}

/// Folds that this reader has made already. Used by one transaction, on its queue only.
private final class FoldMemory {
    var records: [RecordAddress: MergedRecord] = [:]
}

extension ReplicaReader: FactSource {
    public func decided(_ record: RecordID, _ field: FieldName, in audience: AudienceID) throws -> Value? {
        try merged(record, in: audience)?.fields.first { $0.name == field && $0.policy == .decided }?.value
    }

    public func origin(of record: RecordID, in audience: AudienceID) throws -> RecordOrigin? {
        guard let creation = try merged(record, in: audience)?.creation else { return nil }
        return RecordOrigin(
            kind: creation.kind, parent: creation.parent, key: creation.key,
            author: try person(of: creation.change.replica))
    }

    public func records(of kind: RecordKind, in audience: AudienceID) throws -> [RecordID] {
        try Row.fetchAll(
            try db.cachedStatement(
                sql: """
                    SELECT record FROM record WHERE kind = ? AND audience = \(AudienceTable.named)
                    ORDER BY record
                    """),
            arguments: [kind.name, audience.name]
        ).map { try $0.record("record") }
    }
}

/// Whose device writes with a replica.
public struct Author: Hashable, Sendable {
    public let device: RecordID
    public let deviceName: String?
    /// nil for the server.
    public let person: RecordID?
    public let personName: String?
}

extension ReplicaReader {
    /// nil for a replica that the roster does not name (yet).
    public func author(of replica: ReplicaID) throws -> Author? {
        guard let device = try RosterTable(db: db).device(of: replica, own: identity) else { return nil }
        let person = try person(of: replica)
        return Author(
            device: device, deviceName: try rosterValue(device, Roster.deviceName)?.text, person: person,
            personName: try person.flatMap { try name(ofPerson: $0) })
    }

    /// Who writes with a replica; nil for the server, and for one that the roster does not name (yet).
    public func person(of replica: ReplicaID) throws -> RecordID? {
        if replica == identity.replica { return identity.person }
        guard let device = try RosterTable(db: db).device(of: replica, own: identity) else { return nil }
        return try rosterValue(device, Roster.devicePerson)?.record
    }

    public func name(ofPerson person: RecordID) throws -> String? {
        try rosterValue(person, Roster.personName)?.text
    }

    private func rosterValue(_ record: RecordID, _ field: FieldName) throws -> Value? {
        try merged(record, in: Roster.audience)?[field]?.value
    }
}
