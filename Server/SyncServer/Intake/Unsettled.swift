import ChangeLog
import Synchronization

/// Where more that waits can be judged; one task is at it for each replica.
final class Unsettled: Sendable {
    private let audiences = Mutex<[ReplicaID: Set<Int64>]>([:])

    /// - Returns: whether somebody has to begin with it: nobody is at it yet.
    func add(_ cut: Set<Int64>, of replica: ReplicaID) -> Bool {
        audiences.withLock { audiences in
            defer { audiences[replica, default: []].formUnion(cut) }
            return audiences[replica] == nil
        }
    }

    /// What to go on with; nil when nothing is left, and then whoever asked is at it no more.
    func next(of replica: ReplicaID) -> Set<Int64>? {
        audiences.withLock { audiences in
            guard let cut = audiences[replica], !cut.isEmpty else {
                audiences[replica] = nil
                return nil
            }
            audiences[replica] = []
            return cut
        }
    }

    /// It cannot be gone on with now.
    func giveUp(_ replica: ReplicaID) { audiences.withLock { $0[replica] = nil } }
}
