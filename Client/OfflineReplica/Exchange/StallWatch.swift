import ChangeLog
import Synchronization

/// Notices that a queue stands still although the server is there: a fault of a program, and not of the network.
///
/// A machine without a clock: it is told every moment, in milliseconds.
struct StallWatch: Hashable {
    /// So long may the oldest change wait for its answer.
    static let patience: Int64 = 10_000
    /// So long a silent server counts as being there: a live pull says something every 15 seconds.
    static let hearing: Int64 = 20_000
    /// Between two looks; where far more has gone by, the machine slept.
    static let interval: Int64 = 2_000

    private var oldest: UInt64?
    private var since: Int64 = 0
    private var heard: Int64?
    private var looked: Int64?
    private var isTold = false

    /// Something came from the server.
    mutating func hear(at now: Int64) { heard = now }

    /// - Parameter oldest: the number of the oldest change without an answer; nil where there is none.
    /// - Returns: for how long that one has waited, once; nil where nothing stands still.
    mutating func look(oldest: UInt64?, at now: Int64) -> Int64? {
        let slept = looked.map { now - $0 > 3 * Self.interval || now < $0 } ?? true
        looked = now
        guard let oldest, oldest == self.oldest, !slept else {
            if oldest != self.oldest { isTold = false }
            (self.oldest, since) = (oldest, now)
            return nil
        }
        guard !isTold, now - since >= Self.patience, let heard, now - heard <= Self.hearing else {
            return nil
        }
        isTold = true
        return now - since
    }
}

/// What is done with the queue of a replica that stays connected.
enum QueueActivity: String {
    case none = "nothing is sending it"
    case preparing = "what goes along with it is still being prepared"
    case pushing = "the server has not answered to it"
}

/// The two, shared by the tasks of one connection.
final class QueueWatch: Sendable {
    private let state = Mutex((stall: StallWatch(), activity: QueueActivity.none))

    func hear(at now: Int64) { state.withLock { $0.stall.hear(at: now) } }
    func begin(_ activity: QueueActivity) { state.withLock { $0.activity = activity } }

    fileprivate func look(oldest: UInt64?, at now: Int64) -> (milliseconds: Int64, activity: QueueActivity)? {
        state.withLock { state in
            state.stall.look(oldest: oldest, at: now).map { ($0, state.activity) }
        }
    }
}

extension Replica {
    /// Tells each time that the queue stands still, until its task is cancelled.
    func guardQueue(
        _ watch: QueueWatch, report: @Sendable (ExchangeReport, _ nextTryMilliseconds: Int64?) async -> Void
    ) async throws {
        while true {
            try await environment.sleep(.milliseconds(StallWatch.interval))
            let oldest = try await read { try $0.oldestQueued() }
            guard let stall = watch.look(oldest: oldest, at: environment.nowMilliseconds()) else { continue }
            var outcome = ExchangeReport()
            outcome.error = ConnectionError(
                .stalled,
                "Edits have waited for \(stall.milliseconds / 1000) seconds although the server is there: \(stall.activity.rawValue)",
                at: identity.address)
            await report(outcome, nil)
        }
    }
}
