import ChangeLog
import Merging
import Nominations
import TextCRDT

/// A replica of a few lines: records drafts on its view, pulls what it may read, pushes its own.
final class TestReplica {
    let person: RecordID
    let replica: ReplicaID
    private let server: TestServer
    private let log = TestLog()
    private var cursor = Position.origin
    private var number: UInt64 = 0
    private var pending: [Change] = []
    /// What was refused: its reasons, in order.
    private(set) var tray: [Reason] = []
    /// Added to the server's time, milliseconds.
    var clockOffset: Int64 = 0

    init(person: RecordID, replica: ReplicaID, server: TestServer) {
        self.person = person
        self.replica = replica
        self.server = server
    }

    var now: Int64 { server.now + clockOffset }

    var view: TestView {
        TestView(
            person: person, base: Base(epoch: TestServer.epoch, position: cursor, own: number),
            nowMilliseconds: now, log: log, owners: server.owners)
    }

    /// Does a command; gives the record that it is about.
    @discardableResult
    func perform(_ command: some NominationCommand) throws -> RecordID {
        let drafted = try command.drafted(in: view)
        try record(drafted.drafts)
        return drafted.record
    }

    func record(_ drafts: [Draft]) throws {
        for draft in drafts {
            let base = Base(epoch: TestServer.epoch, position: cursor, own: number)
            let operations = draft.operations.map { operation(of: $0, in: draft.audience, base) }
            let envelope = Envelope(
                id: ChangeID(replica: replica, number: number + 1), base: base,
                time: HybridTime(milliseconds: now, counter: UInt16(truncatingIfNeeded: number)),
                audience: draft.audience, schema: NominationSchema.version)
            let outcome = try server.rules.admit(
                Admission(
                    author: .person(person, device: person), envelope: envelope, operations: operations,
                    receivedMilliseconds: now), view)
            if case .refuse(let reason) = outcome { throw reason }
            number += 1
            let salt = Salt.plain(Identifier128(high: 0, low: 0))
            let change = Change(envelope: envelope, salt: salt, operations: operations)
            pending.append(change)
            log.insert(LogEntry(change, .pending))
        }
    }

    /// Pulls, lets submissions follow by themselves, pushes, and pulls the verdicts.
    func sync() throws {
        try pull()
        let unsent = pending.compactMap { change in
            change.operations.lazy.compactMap { operation -> RecordID? in
                if case .create(let record, .submission, _, _) = operation { record } else { nil }
            }.first
        }
        for replacement in try AutomaticSubmission.replacements(for: unsent, in: view, fresh: server.fresh) {
            withdrawUnsent(replacement.submission)
            if let drafted = replacement.drafted { try record(drafted.drafts) }
        }
        for drafted in try AutomaticSubmission.drafts(in: view, fresh: server.fresh) {
            try record(drafted.drafts)
        }
        try push()
        try pull()
    }

    func pull() throws {
        for audience in server.log.audiences
        where try server.rules.mayRead(person, audience, server.facts) {
            for entry in server.accepted where entry.change.envelope.audience == audience {
                log.insert(entry)
            }
        }
        cursor = Position(UInt64(server.accepted.count))
    }

    private func push() throws {
        for change in pending {
            switch try server.admit(change, of: person) {
            case .accept, .hold: break
            case .refuse(let reason):
                tray.append(reason)
                log.drop(change.id)
            }
        }
        pending = []
    }

    private func withdrawUnsent(_ submission: RecordID) {
        for change in pending where change.operations.contains(where: { $0.record == submission }) {
            log.drop(change.id)
            pending.removeAll { $0.id == change.id }
        }
    }

    private func operation(of draft: DraftOperation, in audience: AudienceID, _ base: Base) -> Operation {
        switch draft {
        case .operation(let operation): return operation
        case .edits(let record, let field, let edits):
            return .edit(record, field, check: .empty, edits)
        case .text(let record, let field, let text):
            let old = log.merged(record, in: audience)?[field]?.value?.text ?? ""
            return .edit(record, field, check: .empty, TextDifference.difference(from: old, to: text))
        }
    }
}
