import ChangeLog

/// What was erased, and what the server says of it.
struct RecomputedErasures {
    /// Said in the audience of the change.
    private var said: [ChangeID: [ErasureMark]] = [:]
    private var erased: [ChangeID] = []

    /// - Parameter isServers: whether the server's own replica made it.
    mutating func note(_ change: Change, isServers: Bool) {
        if case .erased = change.salt { erased.append(change.id) }
        guard isServers else { return }
        for erasure in Erasure.all(in: change.operations, hash: sha256) {
            said[erasure.change, default: []] += erasure.marks
        }
    }

    func differences(from ledger: ServerLedger) throws -> [VerificationReport.Finding] {
        let unsaid = erased.filter { said[$0] == nil }.map { id in
            VerificationReport.Finding(place: "verdict \(id)", fault: .erasedUnsaid, subject: "")
        }
        let undone = try said.keys.sorted().filter { id in
            guard let change = try ledger.kept(id), let marks = said[id] else { return false }
            return change.erasing(marks, hash: sha256) != change
        }.map { id in
            VerificationReport.Finding(place: "verdict \(id)", fault: .erasureUndone, subject: "")
        }
        return unsaid + undone
    }
}
