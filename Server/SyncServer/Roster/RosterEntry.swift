import ChangeLog
import Cryptography
import SyncProtocol

/// What the server writes into the roster about one device.
struct RosterEntry {
    let publicKey: PublicKey
    /// nil for the server's own device.
    let person: RecordID?
    let replica: ReplicaID
    let name: String

    var device: RecordID { Engine.device(of: publicKey) }

    var operations: [Operation] {
        let key = Roster.key(ofDevice: publicKey.subjectPublicKeyInfo)
        var operations: [Operation] = [.create(device, kind: Roster.device, parent: nil, key: key)]
        if let person {
            operations.append(.write(device, Roster.devicePerson, .decided, .record(person)))
        }
        return operations + [
            .write(device, Roster.deviceReplicas, .decided, .list([.bytes(replica.bytes)])),
            .write(device, Roster.deviceName, .decided, .text(name)),
            .write(device, Roster.deviceStanding, .decided, .text(Roster.active)),
        ]
    }
}

extension Engine {
    /// Writes what the server must be able to write.
    ///
    /// - Throws: `ServerError` `.rules` unless all of it is accepted; nothing is kept then.
    func write(_ drafts: [(audience: AudienceID, operations: [Operation])]) async throws {
        let seeds = drafts.map { _ in randomBits() }
        tell(try await queue.commit { try demand(drafts, seeds: seeds, in: $0) }, to: environment.logger)
    }

    /// - Returns: the verdicts, to be told once they are durable.
    func demand(
        _ drafts: [(audience: AudienceID, operations: [Operation])], seeds: [Identifier128],
        in ledger: ServerLedger
    ) throws -> [VerdictEntry] {
        let receipt = try author.write(drafts, seeds: seeds, through: intake(in: ledger))
        for entry in receipt.entries {
            guard case .accepted = entry.verdict else {
                throw ServerError(
                    .rules, "The rules do not accept what the server must write: \(entry.verdict)",
                    remedy: "Let the rules of the domain accept changes of the server to the roster")
            }
        }
        return receipt.decided
    }
}
