import ChangeLog
import OfflineReplica
import Synchronization

/// Which replicas were asked for to go on from which others, as it was said on the wire.
final class Continuations: Sendable {
    private let asked = Mutex<[ReplicaID: Continuation]>([:])

    var lineages: Lineages { Lineages(asked.withLock { Array($0.values) }) }

    func note(_ continuation: Continuation) { asked.withLock { $0[continuation.replica] = continuation } }

    /// Whether a replica counts a change as its own.
    func owns(_ change: ChangeID, _ replica: ReplicaID) -> Bool {
        change.replica == replica || lineages[replica].includes(change)
    }

    /// What the edit of a number is called on a disk now. A copy that went on took what it had not sent along; who went on
    /// because of what a restore lost left all numbers where they were.
    func name(of number: UInt64, in reader: ReplicaReader) throws -> ChangeID {
        let replica = reader.identity.replica
        let ancestors = lineages[replica].ancestors
        for candidate in [replica] + ancestors.map(\.replica) {
            let name = ChangeID(replica: candidate, number: number)
            if try reader.status(of: name) != nil { return name }
        }
        // What was deleted here and lost by a restore stays with the one before.
        let first = ancestors.last { number <= $0.through } ?? ancestors.first
        return ChangeID(replica: first?.replica ?? replica, number: number)
    }
}
