import ChangeLog
import GRDB
import SyncProtocol

extension Replica {
    /// How often one exchange goes on as a new replica: once, unless another copy was first again.
    static let continuations = 3

    /// Whether the server has told that another copy of this replica was there before.
    static func isCopied(_ error: any Error) -> Bool {
        if let error = error as? ReplicaError { return error.code == .copied }
        return (error as? ConnectionError)?.reason?.code == "replica.copied"
    }

    /// Whether the server does not know this replica as one of this device's.
    static func isForeign(_ error: any Error) -> Bool {
        (error as? ConnectionError)?.reason?.code == "replica.foreign"
    }

    /// Tells the server again which replicas this copy went on as, the oldest first.
    ///
    /// - Returns: false where it never went on as another one.
    func registerAgain(over connection: some FrameTransport) async throws -> Bool {
        let continuations = try await read { reader in
            try ContinuationTable(db: reader.db).chain(of: reader.identity.replica)
        }
        for continuation in continuations.reversed() { try await register(continuation, over: connection) }
        return !continuations.isEmpty
    }

    /// Goes on under a new replica id with everything that was not sent; the other copy keeps the old one.
    ///
    /// Cut short at any place, it is taken up again by the next exchange.
    func goOn(over connection: some FrameTransport, into report: inout ExchangeReport) async throws {
        try await learnShared(over: connection, into: &report)
        let (schema, randomBytes) = (rules.schema, environment.randomBytes)
        let continuation = try await write { db in
            try CopiedReplica(db: db, schema: schema, randomBytes: randomBytes).proposal()
        }
        try await register(continuation, over: connection)
        try await write { db in
            try CopiedReplica(db: db, schema: schema, randomBytes: randomBytes).adopt(continuation)
        }
        take(over: continuation)
        report.continuedAs = continuation.replica
    }

    /// Goes on under a new replica id where a restored server lost own changes that are deleted here: whoever holds
    /// them may give them back, or nobody, and until then one number of a base would call them seen.
    func leaveLost(over connection: some FrameTransport, into report: inout ExchangeReport) async throws {
        let (identity, rules, randomBytes) = (identity, rules, environment.randomBytes)
        let numbers = { @Sendable (db: Database) in
            LostNumbers(db: db, identity: try identity.current(db), rules: rules, randomBytes: randomBytes)
        }
        guard try await read({ try numbers($0.db).lowest() }) != nil else { return }
        // What has later numbers keeps them, and counts by its position: so that comes first.
        _ = try await push(over: connection, into: &report)
        _ = try await pull(over: connection, isLive: false, into: &report)
        guard let continuation = try await write({ try numbers($0).proposal() }) else { return }
        try await register(continuation, over: connection)
        if try await write({ try numbers($0).adopt(continuation) }) { take(over: continuation) }
    }

    private func take(over continuation: Continuation) {
        var identity = identity
        identity.replica = continuation.replica
        take(over: identity)
    }

    /// What the copies have in common has an answer; the server tells it before it refuses the rest. Of what it has not
    /// got, or has lost, it can take nothing that is signed together with the rest: so that is sent once more, an action
    /// at a time.
    private func learnShared(
        over connection: some FrameTransport, into report: inout ExchangeReport
    ) async throws {
        for limit in [environment.batchEntries, 1] {
            do {
                _ = try await push(atMost: limit, over: connection, into: &report)
                return
            } catch let error where Self.isCopied(error) { continue }
        }
    }

    private func register(
        _ continuation: Continuation, over connection: some FrameTransport
    ) async throws {
        // As the one that is continued: the server knows that one in any case.
        let hello = try await hello(of: continuation.continued.replica)
        guard case .continued = try await ask(.continue(continuation), as: hello, over: connection) else {
            preconditionFailure("a session answers what was asked")
        }
    }
}
