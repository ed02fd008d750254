import ChangeLog
import Cryptography
import Foundation
import GRDB

/// The one row of what moves: read and written inside the transaction that uses it, never kept.
struct ReplicaState {
    var epoch: Epoch
    var cursor: Position
    /// The number of the replica's newest change.
    var number: UInt64
    var clock: HybridTime
    /// Counts commits that changed something to see.
    var version: UInt64
    /// The server's clock minus this machine's, milliseconds.
    var clockOffset: Int64?
    /// Milliseconds since 1970 UTC.
    var lastSync: Int64?

    /// What the server's clock says at a moment of this machine's, as far as it was heard.
    func serverMilliseconds(at local: Int64) -> Int64 {
        let (now, overflow) = local.addingReportingOverflow(clockOffset ?? 0)
        return overflow ? local : now
    }

    static func load(_ db: Database) throws -> ReplicaState {
        let statement = try db.cachedStatement(
            sql: "SELECT epoch, cursor, number, clock, version, clockOffset, lastSync FROM replica")
        guard let row = try Row.fetchOne(statement) else { throw Self.missing }
        func word(_ column: Int) -> UInt64 { UInt64(bitPattern: row[column] as Int64) }
        return ReplicaState(
            epoch: Epoch(word(0)), cursor: Position(word(1)), number: word(2), clock: HybridTime(word(3)),
            version: word(4), clockOffset: row[5], lastSync: row[6])
    }

    func save(_ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE replica SET epoch = ?, cursor = ?, number = ?, clock = ?, version = ?,
                    clockOffset = ?, lastSync = ?
                """
        ).execute(arguments: [
            Int64(bitPattern: epoch.value), try StoredNumber.of(cursor), try StoredNumber.of(number),
            Int64(bitPattern: clock.value), Int64(bitPattern: version), clockOffset, lastSync,
        ])
    }

    /// Says that there is something new to see.
    static func advance(_ db: Database) throws {
        try db.execute(sql: "UPDATE replica SET version = version + 1")
    }

    var view: View { View(epoch: epoch, cursor: cursor, own: number) }

    fileprivate static let missing = ReplicaError(.notEnrolled, "the database names no replica")
}

extension ReplicaIdentity {
    init(_ db: Database) throws {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM replica") else {
            throw ReplicaState.missing
        }
        do {
            self.init(
                person: try row.record("person"), device: try row.record("device"),
                replica: try row.replica("replica"), address: row["address"],
                association: row["association"],
                serverKey: try PublicKey(subjectPublicKeyInfo: try row.bytes("serverKey")),
                epoch: Epoch(row.number("enrolledEpoch")))
        } catch let error as CryptographyError {
            throw ReplicaError(.corrupt, "the server's key cannot be read", cause: error)
        }
    }

    /// The same as the database names it now: another program may have gone on as a new replica, or enrolled again.
    func current(_ db: Database) throws -> ReplicaIdentity {
        let row = try Row.fetchOne(try db.cachedStatement(sql: "SELECT replica, person FROM replica"))
        guard let row else { throw ReplicaState.missing }
        var identity = self
        identity.replica = try row.replica("replica")
        identity.person = try row.record("person")
        return identity
    }

    /// Takes over what a new enrolment says: who writes here, and where the server is.
    func update(_ db: Database) throws {
        try db.execute(
            sql: "UPDATE replica SET person = ?, address = ?, association = ?",
            arguments: [person.data, address, association])
    }

    func insert(_ db: Database) throws {
        try OwnReplicas.begin(replica, after: nil, db)
        let epoch = Int64(bitPattern: epoch.value)
        try db.execute(
            sql: """
                INSERT INTO replica (id, person, device, replica, address, association, serverKey,
                    enrolledEpoch, epoch) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                person.data, device.data, replica.data, address, association,
                Data(serverKey.subjectPublicKeyInfo), epoch, epoch,
            ])
    }
}
