import ChangeLog

/// What was erased, and what the server says of it.
struct RecomputedErasures {
    /// A change as the audience knows it in which it is said: in another one it says nothing.
    private struct Place: Hashable, Comparable {
        let change: ChangeID
        let audience: AudienceID

        static func < (left: Self, right: Self) -> Bool {
            (left.change, left.audience) < (right.change, right.audience)
        }
    }

    private var said: [Place: [ErasureMark]] = [:]
    private var erased: [Place] = []

    /// - Parameter isServers: whether the server's own replica made it.
    mutating func note(_ change: Change, isServers: Bool) {
        let audience = change.envelope.audience
        if case .erased = change.salt { erased.append(Place(change: change.id, audience: audience)) }
        guard isServers else { return }
        for erasure in Erasure.all(in: change.operations, hash: sha256) {
            said[Place(change: erasure.change, audience: audience), default: []] += erasure.marks
        }
    }

    func differences(from ledger: ServerLedger) throws -> [VerificationReport.Finding] {
        let unsaid = erased.filter { said[$0] == nil }.map { Self.finding($0, .erasedUnsaid) }
        let undone = try said.keys.sorted().filter { place in
            guard let change = try ledger.kept(place.change), change.envelope.audience == place.audience,
                let marks = said[place]
            else { return false }
            return change.erasing(marks, hash: sha256) != change
        }.map { Self.finding($0, .erasureUndone) }
        return unsaid + undone
    }

    private static func finding(_ place: Place, _ fault: AuditFault) -> VerificationReport.Finding {
        VerificationReport.Finding(place: "verdict \(place.change)", fault: fault, subject: "")
    }
}
