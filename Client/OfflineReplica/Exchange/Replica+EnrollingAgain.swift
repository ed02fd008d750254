import ChangeLog
import Cryptography
import SyncProtocol

extension Replica {
    /// Makes this folder a device again at a server that has forgotten it, one that was restored from a backup of
    /// before it was enrolled, or after its certificate has expired.
    ///
    /// Key, replica and all that was recorded stay; the next exchange sends again what the server lost. The person is
    /// the one that the link invites, for the server may have forgotten that one too.
    ///
    /// - Throws: as `enrol`.
    func enrolledAgain(with link: EnrolmentLink, deviceName: String) async throws -> Replica {
        guard try authority().fingerprint.bytes == link.fingerprint.bytes else {
            throw isThere("of another server")
        }
        let lock = try syncLock()
        defer { lock.release() }
        // The server knows the later ones by what they go on from; that is told with the next exchange.
        let first = try await read { reader in
            try ContinuationTable(db: reader.db).chain(of: reader.identity.replica).last?.continued.replica
                ?? reader.identity.replica
        }
        let outcome: Enrolment.Outcome
        do {
            outcome = try await Enrolment.request(
                link, key: try key(), replica: first, deviceName: deviceName,
                isRenewal: try await hasExpired())
        } catch let reason as Reason where reason.code == "enrolment.device" {
            throw isThere("that the server knows")
        }
        guard outcome.identity.serverKey == identity.serverKey, outcome.identity.device == identity.device
        else {
            throw isThere("of another server")
        }
        try replace(certificate: outcome.certificate)
        return try await takeOver(outcome.identity)
    }

    /// By the server's clock, as far as it is known.
    private func hasExpired() async throws -> Bool {
        let now = environment.nowMilliseconds()
        return try certificate().notAfter < (try await read { try $0.serverMilliseconds(at: now) }) / 1000
    }

    private func takeOver(_ enrolled: ReplicaIdentity) async throws -> Replica {
        var identity = identity
        identity.person = enrolled.person
        identity.address = enrolled.address
        identity.association = enrolled.association
        let told = identity
        try await write { db in
            try told.update(db)
            try ReplicaState.advance(db)
        }
        take(over: identity)
        return self
    }

    private func isThere(_ what: String) -> ReplicaError {
        ReplicaError(.exists, "There is a replica in \(folder) already, \(what)", at: folder)
    }
}
