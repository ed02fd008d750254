public import ChangeLog
public import Cryptography
import GRDB
import Logging

extension SyncService {
    /// The enrolled device with this key; a retired one until it has handed in what it had.
    ///
    /// - Throws: `Reason` `device.unknown`, `device.closed` or `device.lost`.
    public func device(publicKey: PublicKey) async throws -> DeviceIdentity {
        let organisation = engine.judge.rules.organisation
        return try await engine.read { ledger in
            let device = Engine.device(of: publicKey)
            let fault = try ledger.standingFault(of: device)
            if let fault, fault != Refusal.deviceRetired { throw fault }
            guard let person = try ledger.rostered(device, Roster.devicePerson)?.record else {
                throw Refusal.deviceUnknown
            }
            return DeviceIdentity(
                device: device, person: person, publicKey: publicKey,
                organisation: try organisation(person, ledger), isRetired: fault != nil)
        }
    }

    /// The replica that a device was enrolled with.
    func firstReplica(of device: DeviceIdentity) async throws -> ReplicaID? {
        try await engine.read { ledger in
            try ledger.rostered(device.device, Roster.deviceReplicas)?.list?.first?.replica
        }
    }

    /// All devices, in rising order of id.
    public func devices() async throws -> [DeviceReport] {
        try await engine.read { ledger in
            try ledger.records(of: Roster.device, in: Roster.audience).map { device in
                let id = device.bytes.blob
                let session = try ledger.db.one(
                    "SELECT seen, cursor FROM session WHERE device = ?", [id])
                let handedIn = try ledger.db.one("SELECT time FROM retirement WHERE device = ?", [id])
                let holding = try ledger.db.all(
                    """
                    SELECT a.name FROM holding h JOIN audience a ON a.id = h.audience
                    WHERE h.device = ? ORDER BY a.name
                    """, [id])
                let replicas = try ledger.rostered(device, Roster.deviceReplicas)?.list ?? []
                return DeviceReport(
                    device: device, person: try ledger.rostered(device, Roster.devicePerson)?.record,
                    name: try ledger.rostered(device, Roster.deviceName)?.text ?? "",
                    standing: try ledger.rostered(device, Roster.deviceStanding)?.text ?? "",
                    lastSeenMilliseconds: session?[0], replicas: replicas.compactMap(\.replica),
                    cursor: (session?[1] as Int64?).map { Position(UInt64(bitPattern: $0)) },
                    audiences: try holding.map { try $0.audience(0) },
                    handedInMilliseconds: handedIn?[0])
            }
        }
    }

    /// Ends a device's rights; open pulls of it end at once.
    ///
    /// - Throws: `Reason` `device.unknown`.
    public func revoke(device: RecordID, lost: Bool) async throws {
        let engine = engine
        let seed = engine.randomBits()
        let decided = try await engine.queue.commit { ledger in
            guard device != engine.author.device,
                try ledger.rostered(device, Roster.deviceStanding) != nil
            else { throw Refusal.deviceUnknown }
            let standing = Value.text(lost ? Roster.lost : Roster.retired)
            let operation = Operation.write(device, Roster.deviceStanding, .decided, standing)
            return try engine.demand([(Roster.audience, [operation])], seeds: [seed], in: ledger)
        }
        let logger = engine.environment.logger.acting(LogEntry.administrator)
        engine.tell(decided, to: logger)
        LogEntry(action: .revoke, object: Reference.text(device), result: lost ? Roster.lost : Roster.retired)
            .write(to: logger, .notice, "Revoked")
    }
}

extension Value {
    fileprivate var replica: ReplicaID? {
        guard case .bytes(let bytes) = self else { return nil }
        return Identifier128(bytes: bytes).map(ReplicaID.init)
    }
}
