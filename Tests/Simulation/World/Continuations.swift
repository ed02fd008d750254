import ChangeLog
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

    /// What the edit of a number is called on a disk that goes on as this replica now.
    func name(of number: UInt64, at replica: ReplicaID) -> ChangeID {
        let first = lineages[replica].ancestors.last { number <= $0.through }
        return ChangeID(replica: first?.replica ?? replica, number: number)
    }
}
