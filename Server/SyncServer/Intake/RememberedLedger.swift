import ChangeLog

/// The ledger with a memory of what it answered, for the judging of one batch after another change: most
/// changes touch no fact that a rule can depend on, and ask for the same few.
///
/// What is touched is forgotten at once, all of it. After a rollback `forget` must be called.
final class RememberedLedger: Ledger {
    private let ledger: ServerLedger
    private var values: [FactKey: ChangeLog.Value?] = [:]
    private var origins: [FactKey: RecordOrigin?] = [:]
    private var lists: [FactKey: [RecordID]] = [:]
    private var newest: Position?
    private var authors: [RecordID: Admission.Author?] = [:]
    /// The count of touches that all of this was read after.
    private var touches: Int

    init(_ ledger: ServerLedger) {
        self.ledger = ledger
        touches = ledger.touched.count
    }

    func forget() {
        newest = nil
        forgetFacts()
    }

    private func forgetFacts() {
        values = [:]
        origins = [:]
        lists = [:]
        authors = [:]
        touches = ledger.touched.count
    }

    private func refresh() {
        if ledger.touched.count != touches { forgetFacts() }
    }

    var epoch: Epoch { ledger.epoch }

    func head() throws -> Position {
        if let newest { return newest }
        let head = try ledger.head()
        newest = head
        return head
    }

    /// A change was accepted at this position.
    func advance(to position: Position) { newest = position }

    func author(_ device: RecordID) throws -> Admission.Author? {
        refresh()
        if let known = authors[device] { return known }
        let author = try ledger.author(device)
        authors[device] = .some(author)
        return author
    }

    func decided(
        _ record: RecordID, _ field: FieldName, in audience: AudienceID
    ) throws -> ChangeLog.Value? {
        refresh()
        let key = FactKey.decided(record, field, audience)
        if let known = values[key] { return known }
        let value = try ledger.decided(record, field, in: audience)
        values[key] = .some(value)
        return value
    }

    func origin(of record: RecordID, in audience: AudienceID) throws -> RecordOrigin? {
        refresh()
        let key = FactKey.origin(record, audience)
        if let known = origins[key] { return known }
        let origin = try ledger.origin(of: record, in: audience)
        origins[key] = .some(origin)
        return origin
    }

    func records(of kind: RecordKind, in audience: AudienceID) throws -> [RecordID] {
        refresh()
        let key = FactKey.records(kind, audience)
        if let known = lists[key] { return known }
        let records = try ledger.records(of: kind, in: audience)
        lists[key] = records
        return records
    }

    func holder(of field: FieldName, of record: RecordID, in audience: AudienceID) throws -> FactHolder? {
        try ledger.holder(of: field, of: record, in: audience)
    }

    func lineage(of replica: ReplicaID) throws -> Lineage { try ledger.lineage(of: replica) }

    func position(of change: ChangeID, in audience: AudienceID) throws -> Position? {
        try ledger.position(of: change, in: audience)
    }

    func textCheck(
        of field: FieldName, of record: RecordID, seenBy envelope: Envelope
    ) throws -> TextCheck {
        try ledger.textCheck(of: field, of: record, seenBy: envelope)
    }
}
