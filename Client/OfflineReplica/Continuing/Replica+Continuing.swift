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
        var identity = identity
        identity.replica = continuation.replica
        take(over: identity)
        report.continuedAs = continuation.replica
    }

    /// What the copies have in common has an answer; the server tells it before it refuses the rest.
    private func learnShared(
        over connection: some FrameTransport, into report: inout ExchangeReport
    ) async throws {
        do {
            _ = try await push(over: connection, into: &report)
        } catch let error where Self.isCopied(error) { return }
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
