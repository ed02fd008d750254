import ChangeLog
import GRDB
import Synchronization

/// Who may read what, by the domain's rules over all known audiences.
///
/// The rules may look at anything in the facts, and asking them about every audience after every
/// commit would cost more than all else. So an answer is kept with the keys that it looked at, and
/// asked again only when a commit touched one of them; new audiences are asked about alone.
final class Membership: Sendable {
    private struct Answer {
        var audiences: [AudienceID]
        var looked: Set<FactKey>
        /// The newest position when it was given.
        var head: Position
    }

    private struct State {
        var answers: [RecordID: Answer] = [:]
        /// What the latest transactions touched, and the newest position after each.
        var commits: [(head: Position, keys: Set<FactKey>)] = []
        /// What was touched up to here is not known any more.
        var horizon: Position
    }

    /// How many transactions are remembered.
    private static let memory = 512

    private let rules: DomainRules
    private let state: Mutex<State>

    /// - Parameter head: the newest position at the start.
    init(rules: DomainRules, head: Position) {
        self.rules = rules
        state = Mutex(State(horizon: head))
    }

    /// Called before each commit: a reader that sees the commit then knows what it touched.
    func willCommit(_ ledger: ServerLedger) throws {
        guard !ledger.touched.keys.isEmpty else { return }
        let head = try ledger.head()
        state.withLock { state in
            state.commits.append((head, ledger.touched.keys))
            if state.commits.count > Self.memory {
                let forgotten = state.commits.removeFirst()
                state.horizon = max(state.horizon, forgotten.head)
            }
        }
    }

    /// What a person may read at the newest position of this ledger's snapshot, in rising order.
    func readable(by person: RecordID, in ledger: ServerLedger) throws -> [AudienceID] {
        let head = try ledger.head()
        let known = state.withLock { state in Self.answer(for: person, at: head, in: state) }
        if let known, known.head == head { return known.audiences }
        var answer = known ?? Answer(audiences: [], looked: [], head: .origin)
        let facts = WatchedFacts(ledger)
        for audience in try ledger.audiences(after: answer.head)
        where try rules.mayRead(person, audience, facts) {
            answer.audiences.append(audience)
        }
        answer.audiences.sort()
        answer.looked.formUnion(facts.looked)
        answer.head = head
        state.withLock { $0.answers[person] = answer }
        return answer.audiences
    }

    /// The answer as it was given, unless something that it looked at was touched since.
    private static func answer(for person: RecordID, at head: Position, in state: State) -> Answer? {
        guard let answer = state.answers[person], answer.head >= state.horizon, answer.head <= head else {
            return nil
        }
        for commit in state.commits where commit.head > answer.head && commit.head <= head {
            if !commit.keys.isDisjoint(with: answer.looked) { return nil }
        }
        return answer
    }
}

extension ServerLedger {
    /// The audiences whose first change stands after a position.
    func audiences(after position: Position) throws -> [AudienceID] {
        try db.all("SELECT name FROM audience WHERE first > ? ORDER BY first", [position.value.pattern])
            .map { try $0.audience(0) }
    }
}

/// Facts that remember what was looked at.
private final class WatchedFacts: FactSource {
    private let facts: ServerLedger
    private(set) var looked: Set<FactKey> = []

    init(_ facts: ServerLedger) { self.facts = facts }

    func decided(_ record: RecordID, _ field: FieldName, in audience: AudienceID) throws -> Value? {
        looked.insert(.decided(record, field, audience))
        return try facts.decided(record, field, in: audience)
    }

    func origin(of record: RecordID, in audience: AudienceID) throws -> RecordOrigin? {
        looked.insert(.origin(record, audience))
        return try facts.origin(of: record, in: audience)
    }

    func records(of kind: RecordKind, in audience: AudienceID) throws -> [RecordID] {
        looked.insert(.records(kind, audience))
        return try facts.records(of: kind, in: audience)
    }
}
