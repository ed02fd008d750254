import ChangeLog
import GRDB

/// The one writer: everything that waits is written in one transaction, and answered after its commit.
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

    private let pool: DatabasePool
    /// Where the database stands, for what goes wrong with it.
    private let file: String
    private let makeLedger: @Sendable (Database) throws -> ServerLedger
    private let observer: Observer
    private var waiting: [Job] = []
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
        pool: DatabasePool, file: String, makeLedger: @escaping @Sendable (Database) throws -> ServerLedger,
        observer: Observer
    ) {
        self.pool = pool
        self.file = file
        self.makeLedger = makeLedger
        self.observer = observer
    }

    /// Returns what `body` returned, once that is on disk.
    func commit<Value: Sendable>(
        _ body: @escaping @Sendable (ServerLedger) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let file = file
            waiting.append(
                Job(
                    perform: { ledger in
                        let result = Self.result(of: body, in: ledger)
                        let told = result.mapError { StoreFailure.translated($0, file) }
                        return Answer(
                            tell: { continuation.resume(with: told) }, refusal: result.refusal)
                    },
                    fail: { continuation.resume(throwing: $0) }))
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
            let jobs = waiting
            waiting = []
            isWriting = true
            defer { isWriting = false }
            do {
                let (answers, head) = try await write(jobs)
                transactions += 1
                hasFailed = answers.contains { $0.refusal != nil }
                observer.didCommit(head)
                for answer in answers { answer.tell() }
            } catch {
                hasFailed = true
                let failure = StoreFailure.translated(error, file)
                for job in jobs { job.fail(failure) }
            }
        }
        isRunning = false
    }

    private func write(_ jobs: [Job]) async throws -> ([Answer], Position) {
        let (makeLedger, observer) = (makeLedger, observer)
        return try await pool.writeWithoutTransaction { db in
            var answers: [Answer] = []
            var head = Position.origin
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
                return .commit
            }
            return (answers, head)
        }
    }
}

extension Result {
    fileprivate var refusal: DatabaseError? {
        if case .failure(let error) = self { error as? DatabaseError } else { nil }
    }
}
