public import ChangeLog
import Cryptography
import Foundation
import GRDB
import Logging
import SyncProtocol

extension SyncService {
    /// Lets one device of this person enrol within this time.
    ///
    /// - Throws: `Reason` `enrolment.person` when there is no such person.
    public func invite(person: RecordID, validMilliseconds: Int64) async throws -> Invitation {
        let expires = engine.environment.nowMilliseconds() + max(validMilliseconds, 0)
        let secret = engine.randomBits()
        try await engine.queue.commit { ledger in
            guard try ledger.origin(of: person, in: Roster.audience)?.kind == Roster.person else {
                throw Refusal.enrolmentPerson
            }
            try ledger.db.run(
                "INSERT INTO invitation VALUES (?, ?, ?, NULL)",
                [sha256(secret.bytes).bytes.blob, person.bytes.blob, expires])
        }
        LogEntry(action: .invite, object: Reference.text(person: person), result: "ok")
            .write(to: engine.environment.logger.acting(LogEntry.administrator), .notice, "Invited")
        return Invitation(secret: secret, expiresMilliseconds: expires)
    }

    /// Enrols a device; repeated with the same secret and key, it gives the same answer.
    ///
    /// - Throws: `Reason` `enrolment.unknown`, `.used`, `.expired`, `.device`, `.replica` or `.name`.
    public func enrol(_ enrolment: Enrolment) async throws -> EnrolledDevice {
        try await enrol(enrolment, engine.environment.logger)
    }

    /// - Parameter logger: that of the request.
    func enrol(_ enrolment: Enrolment, _ logger: Logger) async throws -> EnrolledDevice {
        let engine = engine
        let seed = engine.randomBits()
        let now = engine.environment.nowMilliseconds()
        let secret = sha256(enrolment.secret.bytes).bytes.blob
        // Anybody may ask: whoever knows no secret has no turn at the writer.
        let isKnown = try await engine.read { ledger in
            try ledger.db.one("SELECT 1 FROM invitation WHERE secret = ?", [secret]) != nil
        }
        guard isKnown else { throw Refusal.enrolmentUnknown }
        let (answer, decided) = try await engine.queue.commit { ledger -> (EnrolledDevice, [VerdictEntry]) in
            let row = try ledger.db.one(
                "SELECT person, expires, device FROM invitation WHERE secret = ?", [secret])
            guard let row else { throw Refusal.enrolmentUnknown }
            let person = try row.record(0)
            let entry = RosterEntry(
                publicKey: enrolment.publicKey, person: person, replica: enrolment.replica,
                name: enrolment.deviceName)
            let answer = EnrolledDevice(device: entry.device, person: person, epoch: engine.epoch)
            if let user = try row.optionalRecord(2) {
                // The answer may have been lost on its way.
                if user == entry.device { return (answer, []) }
                throw Refusal.enrolmentUsed
            }
            guard now < row[1] as Int64 else { throw Refusal.enrolmentExpired }
            if enrolment.isRenewal, try ledger.mayRenew(entry.device, of: person) {
                try ledger.use(invitation: secret, for: entry.device)
                return (answer, [])
            }
            guard try ledger.rostered(entry.device, Roster.deviceStanding) == nil else {
                throw Refusal.enrolmentDevice
            }
            guard try ledger.replicaRow(enrolment.replica) == nil else { throw Refusal.enrolmentReplica }
            guard (1...200).contains(enrolment.deviceName.utf8.count) else { throw Refusal.enrolmentName }
            try ledger.db.run(
                "INSERT INTO replica (bits, device) VALUES (?, ?)",
                [enrolment.replica.bytes.blob, entry.device.bytes.blob])
            try ledger.use(invitation: secret, for: entry.device)
            let decided = try engine.demand(
                [(Roster.audience, entry.operations)], seeds: [seed], in: ledger)
            return (answer, decided)
        }
        let actor = logger.acting(Reference.text(person: answer.person))
        engine.tell(decided, to: actor)
        LogEntry(
            action: .enrol, object: Reference.text(answer.device),
            result: enrolment.isRenewal ? "renewed" : decided.isEmpty ? "repeated" : "ok"
        ).write(to: actor, .notice, "Enrolled")
        return answer
    }
}

extension ServerLedger {
    fileprivate func use(invitation secret: Data, for device: RecordID) throws {
        try db.run("UPDATE invitation SET device = ? WHERE secret = ?", [device.bytes.blob, secret])
    }

    /// Whether it is a device of the person that may come: a retired one once more, to hand in what it has.
    fileprivate func mayRenew(_ device: RecordID, of person: RecordID) throws -> Bool {
        let standing = try rostered(device, Roster.deviceStanding)?.text
        return try rostered(device, Roster.devicePerson)?.record == person
            && (standing == Roster.active || standing == Roster.retired)
    }
}
