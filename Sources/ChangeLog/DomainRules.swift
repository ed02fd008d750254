/// What a domain hands to the engine: its schema, and rules that decide what is admitted and who
/// reads what.
///
/// The rules are pure functions of the arguments and of decided facts, so the client and the server
/// come to the same answer, and membership at any position can be computed again.
public struct DomainRules: Sendable {
    public let schema: Schema
    /// Judges one change. The client asks before it records, so that a person is told at once; the
    /// server asks again and decides.
    public let admit: @Sendable (Admission, any FactSource) throws -> Admission.Outcome
    /// Whether a person may read an audience now.
    public let mayRead: @Sendable (RecordID, AudienceID, any FactSource) throws -> Bool
    /// With whom a person shares what a server gives to one organisation; nil where with nobody.
    public let organisation: @Sendable (RecordID, any FactSource) throws -> RecordID?
    /// Whether a person looks after what another one wrote and the secretariat declined; where both may read it.
    public let looksAfter: @Sendable (RecordID, _ author: RecordID, any FactSource) throws -> Bool
    /// What counts by when it was made; nil where nothing does.
    public let lodging: Lodging?

    public init(
        schema: Schema,
        admit: @escaping @Sendable (Admission, any FactSource) throws -> Admission.Outcome,
        mayRead: @escaping @Sendable (RecordID, AudienceID, any FactSource) throws -> Bool,
        organisation: @escaping @Sendable (RecordID, any FactSource) throws -> RecordID? = { _, _ in nil },
        looksAfter: @escaping @Sendable (RecordID, _ author: RecordID, any FactSource) throws -> Bool = {
            _, _, _ in false
        }, lodging: Lodging? = nil
    ) {
        self.schema = schema
        self.admit = admit
        self.mayRead = mayRead
        self.organisation = organisation
        self.looksAfter = looksAfter
        self.lodging = lodging
    }
}

/// A change that wants to be admitted.
public struct Admission: Hashable, Sendable {
    /// Who made it.
    public enum Author: Hashable, Sendable {
        /// The server itself, which keeps the roster.
        case server
        case person(RecordID, device: RecordID)
    }

    /// What the rules say to it.
    public enum Outcome: Hashable, Sendable {
        case accept
        case hold(Reason)
        case refuse(Reason)
    }

    public let author: Author
    public let envelope: Envelope
    public let operations: [Operation]
    /// When the server first received it (the client's own clock before it is sent), milliseconds
    /// since 1970 UTC.
    public let receivedMilliseconds: Int64
    /// The hash of the author's chain with this change at its end; nil where it is not known yet, on the client.
    public let hash: ChangeHash?

    public init(
        author: Author, envelope: Envelope, operations: [Operation], receivedMilliseconds: Int64,
        hash: ChangeHash? = nil
    ) {
        self.hash = hash
        self.author = author
        self.envelope = envelope
        self.operations = operations
        self.receivedMilliseconds = receivedMilliseconds
    }
}

/// Where a record comes from: told by the accepted change that created it.
public struct RecordOrigin: Hashable, Sendable {
    public let kind: RecordKind
    public let parent: RecordID?
    public let key: RecordKey?
    /// The person who created it; nil for the server.
    public let author: RecordID?

    public init(kind: RecordKind, parent: RecordID?, key: RecordKey?, author: RecordID?) {
        self.kind = kind
        self.parent = parent
        self.key = key
        self.author = author
    }
}

/// The decided facts as they stand: on the server at its head, on a client at its cursor.
public protocol FactSource {
    /// The value of a decided field as this audience has it, nil when nothing was decided there.
    ///
    /// Whoever chooses an id can write under it wherever he may write, so a rule names the audience whose word it
    /// takes.
    func decided(_ record: RecordID, _ field: FieldName, in audience: AudienceID) throws -> Value?
    /// Where an accepted record of this audience comes from.
    func origin(of record: RecordID, in audience: AudienceID) throws -> RecordOrigin?
    /// The accepted records of a kind in an audience, in rising order of id.
    func records(of kind: RecordKind, in audience: AudienceID) throws -> [RecordID]
}

extension FactSource {
    /// What the roster has decided: the server's word, which everyone reads.
    public func rostered(_ record: RecordID, _ field: FieldName) throws -> Value? {
        try decided(record, field, in: Roster.audience)
    }
}
