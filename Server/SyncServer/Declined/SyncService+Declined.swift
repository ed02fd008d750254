public import ChangeLog
import GRDB
import SyncProtocol

extension SyncService {
    /// What was declined of a device's own person; and, where its domain has the person look after what others wrote, of
    /// those, in audiences that the person may read now. Nobody else learns of it.
    ///
    /// - Parameter last: begins behind this one; nil for the first part.
    /// - Throws: `Reason` `device.retired` and others when the device may read nothing any more.
    public func declined(for device: DeviceIdentity, after last: ChangeID? = nil) async throws -> DeclinedPage
    {
        let (rules, hash) = (engine.judge.rules, engine.judge.hash)
        return try await engine.read { ledger in
            if let reason = try ledger.standingFault(of: device.device) { throw reason }
            var authors: [RecordID: RecordID?] = [:]
            var (found, bytes) = ([DeclinedChange](), 0)
            let rows = try Row.fetchCursor(
                ledger.db, sql: Self.declined,
                arguments: [
                    last?.replica.bytes.blob ?? [UInt8]().blob, last?.replica.bytes.blob ?? [UInt8]().blob,
                    (last?.number ?? 0).pattern,
                ])
            while let row = try rows.next() {
                let (owner, audience) = (try row.record(2), try row.audience(3))
                if authors[owner] == nil { authors[owner] = .some(try ledger.author(owner)?.person) }
                guard let author = authors[owner] ?? nil else { continue }
                if author != device.person {
                    guard try rules.looksAfter(device.person, author, ledger),
                        try rules.mayRead(device.person, audience, ledger)
                    else { continue }
                }
                let stored = row.optionalBytes(8)
                bytes += stored?.count ?? 0
                if let last = found.last, found.count == DeclinedPage.changes || bytes > DeclinedPage.bytes {
                    return DeclinedPage(changes: found, next: last.change)
                }
                let contents = stored.flatMap { try? Change(canonicalBytes: $0) }
                let reason = try row.reason(5)
                found.append(
                    DeclinedChange(
                        change: ChangeID(replica: ReplicaID(try row.id(0)), number: row.word(1)),
                        audience: audience, person: author, receivedMilliseconds: row[4],
                        // So the server had answered as long as the device kept the contents to itself.
                        reason: reason == Refusal.withdrawn ? Refusal.handedIn : reason,
                        contents: contents.map { Chain.apart($0, hash: hash) }))
            }
            return DeclinedPage(changes: found, next: nil)
        }
    }

    private static let declined = """
        SELECT r.bits, p.number, r.device, a.name, v.received, v.code, v.message, v.remedy, p.bytes
        FROM pending p CROSS JOIN verdict v ON v.replica = p.replica AND v.number = p.number
        JOIN replica r ON r.id = p.replica JOIN audience a ON a.id = p.audience
        WHERE v.state = 4 AND (r.bits > ? OR r.bits = ? AND p.number > ?) ORDER BY r.bits, p.number
        """
}

extension ServerLedger {
    /// Keeps the contents of a refused change, which a retired device hands in with its tray; its verdict stays.
    func keepRefused(_ arrival: Arrival, of replica: Int64) throws {
        guard let bytes = arrival.bytes, arrival.change != nil else { return }
        let envelope = arrival.entry.envelope
        try db.run(
            """
            INSERT OR IGNORE INTO pending SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (
                SELECT 1 FROM verdict WHERE replica = ? AND number = ? AND state = 4)
            """,
            [
                replica, envelope.id.number.pattern, arrival.audience, arrival.previous.bytes.blob,
                Int(envelope.group?.index ?? 0), Int(envelope.group?.count ?? 0),
                envelope.canonicalBytes.blob, bytes.blob, replica, envelope.id.number.pattern,
            ])
    }
}
