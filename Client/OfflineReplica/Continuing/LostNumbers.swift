import ChangeLog
import GRDB
import Merging

/// Leaves behind own numbers that may never mean anything again (P-137): their contents are deleted here, and a
/// restored server has lost them. All of it happens inside one write transaction.
///
/// What was made here under later numbers stays where it is, and is known by its position alone.
struct LostNumbers {
    let db: Database
    let identity: ReplicaIdentity
    let rules: DomainRules
    let randomBytes: @Sendable (Int) -> [UInt8]

    private var copied: CopiedReplica {
        CopiedReplica(db: db, schema: rules.schema, randomBytes: randomBytes)
    }

    /// The lowest of them; nil where there are none, or none in an audience in which its person may write again.
    func lowest() throws -> UInt64? {
        guard let lost = try CountedNumbers(db).lost() else { return nil }
        let facts = ReplicaReader(db: db, identity: identity, rules: rules)
        let isOpen = try lost.audiences.contains { try rules.mayRead(identity.person, $0, facts) }
        return isOpen ? lost.lowest : nil
    }

    /// What the server is to be asked; nil where there are none, or something has not been sent yet: what another
    /// copy may have used the number for is to be found out before.
    func proposal() throws -> Continuation? {
        guard let lowest = try lowest(), try !hasUnsent() else { return nil }
        return try copied.proposal(
            continuing: ChangeID(replica: identity.replica, number: lowest - 1), first: nil)
    }

    private func hasUnsent() throws -> Bool {
        try Row.fetchOne(
            db,
            sql: """
                SELECT 1 FROM change
                WHERE \(LogTable.isOpen) AND state IN (1, 4) AND NOT isAnswered AND hasContents LIMIT 1
                """) != nil
    }

    /// - Returns: false where another program of this folder was first, or recorded something: then it is for the
    ///   next exchange.
    func adopt(_ continuation: Continuation) throws -> Bool {
        guard identity.replica == continuation.continued.replica, try !hasUnsent() else { return false }
        let state = try ReplicaState.load(db)
        try copied.begin(continuation, ownThrough: state.number)
        try ReadModel(db: db, schema: rules.schema).rebuild()
        try ReplicaState.advance(db)
        return true
    }
}
