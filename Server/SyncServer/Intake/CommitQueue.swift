import ChangeLog
import CoreMetrics
import GRDB

/// The one writer: what waits is written in few transactions, and answered after their commit.
///
/// Those who wait have turns (`FairQueue`): a transaction takes a piece of work of each, up to a bound, so that
/// nobody waits for all that somebody else has piled up.
///
/// Each piece of work has a savepoint of its own, so that one that fails takes no other with it. Once
/// handed over, a piece of work is done even if who asked for it is cancelled.
actor CommitQueue {
    /// Told what a transaction has touched before its commit, and the newest position after it.
    struct Observer: Sendable {
        let willCommit: @Sendable (ServerLedger) throws -> Void
        let didCommit: @Sendable (Position) -> Void
    }

    /// The outcome of a piece of work.
    private struct Answer: Sendable {
        /// Tells it to who asked for it; called after the commit.
        let tell: @Sendable () -> Void
        /// What the database refused the work with, as opposed to what the work says itself.
        let refusal: DatabaseError?
    }

    private struct Job: Sendable {
        let perform: @Sendable (ServerLedger) -> Answer
        /// Instead of the answer, when nothing was committed.
        let fail: @Sendable (any Error) -> Void
    }

    /// What a transaction may cost, unless a single piece of work costs more: in changes, of which one takes the
    /// writer some 30 µs.
    private static let transactionCost = 1_024
    /// What a device may put into each transaction, of the same.
    static let quantum = 128

    private let store: ServerStore
    private let probe: TransactionProbe?
    private let makeLedger: @Sendable (Database) throws -> ServerLedger
    private let observer: Observer
    private let metrics: ServerMetrics
    /// Of each device by itself, and of nobody in particular, as administrators are.
    private var waiting = FairQueue<RecordID?, Job>(quantum: CommitQueue.quantum)
    private var isRunning = false
    /// Whether a transaction has begun whose work is not in the backlog any more.
    private(set) var isWriting = false
    /// How many transactions were committed.
    private(set) var transactions = 0
    /// Whether the database refused something the last time that it was written.
    private(set) var hasFailed = false

    /// How much work waits for the next transaction.
    var backlog: Int { waiting.count }

    init(
        store: ServerStore, probe: TransactionProbe?,
        makeLedger: @escaping @Sendable (Database) throws -> ServerLedger, observer: Observer,
        metrics: ServerMetrics
    ) {
        self.store = store
        self.probe = probe
        self.makeLedger = makeLedger
        self.observer = observer
        self.metrics = metrics
    }

    /// Returns what `body` returned, once that is on disk.
    ///
    /// - Parameters:
    ///   - device: whose turn it takes; nil for the server's own work.
    ///   - cost: as many changes as it is worth.
    func commit<Value: Sendable>(
        for device: RecordID? = nil, cost: Int = 1,
        _ body: @escaping @Sendable (ServerLedger) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let file = store.path
            waiting.append(
                Job(
                    perform: { ledger in
                        let result = Self.result(of: body, in: ledger)
                        let told = result.mapError { StoreFailure.translated($0, file) }
                        return Answer(
                            tell: { continuation.resume(with: told) }, refusal: result.refusal)
                    },
                    fail: { continuation.resume(throwing: $0) }), of: device, cost: cost)
            start()
        }
    }

    private static func result<Value>(
        of body: (ServerLedger) throws -> Value, in ledger: ServerLedger
    ) -> Result<Value, any Error> {
        let leaves = ledger.tree.leaves.count
        do {
            var value: Value?
            try ledger.db.inSavepoint {
                value = try body(ledger)
                return .commit
            }
            guard let value else { preconditionFailure("a savepoint that did not run its body") }
            return .success(value)
        } catch {
            ledger.tree.shrink(to: leaves)
            return .failure(error)
        }
    }

    private func start() {
        guard !isRunning else { return }
        isRunning = true
        // Not a child of whoever asked: a cancelled request does not cancel a commit.
        Task { await drain() }
    }

    private func drain() async {
        while !waiting.isEmpty {
            let jobs = waiting.next(upTo: Self.transactionCost)
            isWriting = true
            defer { isWriting = false }
            do {
                let (answers, head) = try await write(jobs)
                transactions += 1
                metrics.transactions.increment()
                hasFailed = answers.contains { $0.refusal != nil }
                observer.didCommit(head)
                for answer in answers { answer.tell() }
            } catch {
                hasFailed = true
                metrics.failedTransactions.increment()
                let failure = StoreFailure.translated(error, store.path)
                for job in jobs { job.fail(failure) }
            }
        }
        isRunning = false
    }

    private func write(_ jobs: [Job]) async throws -> ([Answer], Position) {
        let (makeLedger, observer, metrics) = (makeLedger, observer, metrics)
        return try await store.writing(probe) { db in
            var answers: [Answer] = []
            var head = Position.origin
            let beginning = ContinuousClock.now
            var commit = beginning
            try db.inTransaction(.immediate) {
                let ledger = try makeLedger(db)
                for job in jobs {
                    let answer = job.perform(ledger)
                    // A full disk ends the transaction by itself: nothing of it may be acknowledged.
                    guard db.isInsideTransaction else {
                        throw answer.refusal ?? DatabaseError(resultCode: .SQLITE_ABORT)
                    }
                    answers.append(answer)
                }
                try observer.willCommit(ledger)
                head = try ledger.head()
                commit = .now
                return .commit
            }
            let end = ContinuousClock.now
            metrics.transactionTime.record(duration: end - beginning)
            metrics.commitTime.record(duration: end - commit)
            return (answers, head)
        }
    }
}

extension Result {
    fileprivate var refusal: DatabaseError? {
        if case .failure(let error) = self { error as? DatabaseError } else { nil }
    }
}
