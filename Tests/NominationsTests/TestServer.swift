import ChangeLog
import Merging
import Nominations

/// A server of a few lines: it orders, admits by the rules, and keeps.
final class TestServer {
    let rules = NominationRules.rules(hash: testHash)
    let log = TestLog()
    private(set) var accepted: [LogEntry] = []
    private(set) var held: [(change: Change, reason: Reason)] = []
    private(set) var owners: [ReplicaID: RecordID] = [:]
    /// Milliseconds since 1970 UTC.
    var now: Int64 = 1_488_362_400_000
    private var number: UInt64 = 0
    private var lastRecord: UInt64 = 0
    private var lastReplica: UInt64 = 0

    static let replica = ReplicaID(Identifier128(high: 0, low: 1))
    static let epoch = Epoch(7)

    func fresh() -> RecordID {
        lastRecord += 1
        return record(lastRecord)
    }

    func enrol(_ person: RecordID) -> TestReplica {
        lastReplica += 1
        let replica = ReplicaID(Identifier128(high: 9, low: lastReplica))
        owners[replica] = person
        return TestReplica(person: person, replica: replica, server: self)
    }

    var facts: TestView {
        TestView(
            person: record(0), base: Base(epoch: Self.epoch, position: head, own: number),
            nowMilliseconds: now, log: log, owners: owners)
    }

    private var head: Position { Position(UInt64(accepted.count)) }

    /// What the server writes itself.
    func write(_ operations: [Operation]) throws {
        number += 1
        let envelope = Envelope(
            id: ChangeID(replica: Self.replica, number: number),
            base: Base(epoch: Self.epoch, position: head, own: number - 1),
            time: HybridTime(milliseconds: now), audience: Roster.audience, schema: NominationSchema.version)
        let salt = Salt.plain(Identifier128(high: 0, low: 0))
        let change = Change(envelope: envelope, salt: salt, operations: operations)
        let outcome = try rules.admit(
            Admission(author: .server, envelope: envelope, operations: operations, receivedMilliseconds: now),
            facts)
        guard outcome == .accept else { throw NominationError(.audienceForbidden) }
        accept(change)
    }

    /// The verdict on a person's change.
    func admit(_ change: Change, of person: RecordID) throws -> Admission.Outcome {
        let outcome = try rules.admit(
            Admission(
                author: .person(person, device: record(0)), envelope: change.envelope,
                operations: change.operations, receivedMilliseconds: now), facts)
        switch outcome {
        case .accept: accept(change)
        case .hold(let reason): held.append((change, reason))
        case .refuse: break
        }
        return outcome
    }

    private func accept(_ change: Change) {
        let effective = min(change.envelope.time, HybridTime(milliseconds: now))
        let entry = LogEntry(change, .accepted(Position(UInt64(accepted.count + 1)), effective: effective))
        accepted.append(entry)
        log.insert(entry)
    }
}
