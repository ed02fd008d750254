import ChangeLog
import GRDB
import Merging
import SyncProtocol

/// A change as the log holds it.
struct LoggedRow {
    let id: Int64
    let envelope: Envelope
    /// nil where only the commitment is known.
    let change: Change?
    let state: ChangeState
    let position: Position?
    let effective: HybridTime?
    let inner: ChangeHash
    /// The hash before it in its chain; of own changes only.
    let previous: ChangeHash?
    /// To contents that are not here any more; of own changes only.
    let commitment: ChangeHash?
    let isAnswered: Bool
    let isDropped: Bool
    let reason: Reason?
    let behind: UInt64?
    /// In the tray, as long as the server may still let it in: the number that it waits behind there, -1 where it is
    /// held.
    let undecided: Int64?
    /// Where it stands in the tray: the number of the change that took it there.
    let entry: UInt64?

    init(_ row: Row) throws {
        id = row["id"]
        let bytes = try row.bytes("bytes")
        if row["hasContents"] as Bool {
            let change = try Self.change(bytes)
            self.change = change
            envelope = change.envelope
        } else {
            change = nil
            do { envelope = try Envelope(canonicalBytes: bytes) } catch { throw Self.unreadable(error) }
        }
        guard let state = ChangeState(stored: row["state"]) else { throw Row.damaged("state") }
        self.state = state
        position = row.optionalPosition("position")
        let time: Int64? = row["effective"]
        effective = time.map { HybridTime(UInt64(bitPattern: $0)) }
        inner = try row.hash("inner")
        previous = row.optionalBytes("previous").flatMap { ChangeHash(bytes: $0) }
        commitment = row.optionalBytes("commitment").flatMap { ChangeHash(bytes: $0) }
        isAnswered = row["isAnswered"]
        isDropped = row["isDropped"]
        let code: String? = row["code"]
        reason = code.map { Reason(code: $0, message: row["message"] ?? "", remedy: row["remedy"] ?? "") }
        let behind: Int64? = row["behind"]
        self.behind = state == .refused ? nil : behind.map { UInt64(bitPattern: $0) }
        undecided = state == .refused ? behind : nil
        let entry: Int64? = row["entry"]
        self.entry = entry.map { UInt64(bitPattern: $0) }
    }

    /// A change as the log keeps it.
    static func change(_ bytes: [UInt8]) throws -> Change {
        do { return try Change(canonicalBytes: bytes) } catch { throw unreadable(error) }
    }

    private static func unreadable(_ error: any Error) -> ReplicaError {
        ReplicaError(.corrupt, "a change in the log cannot be read", cause: error)
    }

    var changeID: ChangeID { envelope.id }
    var audience: AudienceID { envelope.audience }

    var placement: Placement { Placement(position, effective: effective, of: envelope) }

    /// As the fold wants it; nil where the contents are not here.
    func logEntry(_ ancestry: Ancestry) -> LogEntry? { change.map { ancestry.entry($0, placement) } }

    var status: ChangeStatus {
        ChangeStatus(
            change: changeID, audience: audience, state: state, position: position,
            effective: effective, reason: reason, behind: behind)
    }
}

extension Placement {
    /// What the columns of a change say.
    init(_ position: Position?, effective: HybridTime?, of envelope: Envelope) {
        self = position.map { .accepted($0, effective: effective ?? envelope.time) } ?? .pending
    }
}
