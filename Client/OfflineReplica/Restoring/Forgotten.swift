import ChangeLog
import GRDB
import SyncProtocol

extension Replica {
    /// What a server that was asked calls waiting behind nothing it has: it has forgotten that change, or one before it
    /// in its chain, as one does whose files were put back. What was told in answer to a push alone is covered by no signed
    /// head, so that nothing else shows it.
    static func forgotten(_ questions: [ChangeID], in verdicts: [VerdictEntry]) -> [ChangeID] {
        let asked = Set(questions)
        return verdicts.filter { asked.contains($0.change) && $0.verdict == .waiting(behind: 0) }.map(
            \.change)
    }

    /// Has all that stands in no order sent once more, up to these changes: known already, it gets its verdicts again.
    /// Of all audiences, since a group waits for the chains of all its members.
    func sendAgain(_ changes: [ChangeID]) async throws {
        guard !changes.isEmpty else { return }
        try await write { db in
            for change in changes {
                try db.execute(
                    sql: """
                        UPDATE change SET isAnswered = 0, behind = NULL,
                            code = CASE WHEN state = 4 THEN code END,
                            message = CASE WHEN state = 4 THEN message END,
                            remedy = CASE WHEN state = 4 THEN remedy END,
                            state = CASE WHEN state = 4 THEN 4 ELSE 1 END
                        WHERE \(LogTable.isOpen) AND isAnswered AND replica = :replica AND number <= :number
                        AND \(OwnReplicas.condition)
                        """,
                    arguments: [
                        "replica": change.replica.data, "number": try StoredNumber.of(change.number),
                    ])
            }
            try ReplicaState.advance(db)
        }
    }
}
