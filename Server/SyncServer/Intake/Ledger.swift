import ChangeLog

/// What the judge knows: the accepted changes up to the newest position, as far as verdicts need them.
///
/// A protocol, so that verdicts can be tested without a file.
protocol Ledger: FactSource {
    var epoch: Epoch { get }
    /// The newest position that was given, also in this transaction.
    func head() throws -> Position
    /// The value of a decided field in its audience, and the change that put it there.
    func holder(of field: FieldName, of record: RecordID, in audience: AudienceID) throws -> FactHolder?
    /// What a replica continues.
    func lineage(of replica: ReplicaID) throws -> Lineage
    /// Where a change was accepted in an audience; nil when it was not.
    func position(of change: ChangeID, in audience: AudienceID) throws -> Position?
    /// The check over the accepted edits of a text that a change with this envelope has seen.
    func textCheck(of field: FieldName, of record: RecordID, seenBy envelope: Envelope) throws -> TextCheck
}

/// A decided value, and the change at the highest position that wrote it.
struct FactHolder: Hashable {
    let value: Value
    let change: ChangeID
    let position: Position
}

/// Something that a rule can depend on.
enum FactKey: Hashable, Sendable {
    case decided(RecordID, FieldName, AudienceID)
    case origin(RecordID, AudienceID)
    case records(RecordKind, AudienceID)
}
