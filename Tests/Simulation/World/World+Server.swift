import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol
import SyncServer
import TransparencyLog

extension World {
    /// What a server that goes on from an earlier state knows of people and devices is what counts from now on.
    func learnRoster(of service: SyncService) async throws {
        let (persons, devices) = (teams.keys.sorted(), hosts.map(\.replica.identity.device))
        let (known, isClosed, standings) = try await service.read { facts in
            var known: [RecordID: Set<Int>] = [:]
            for person in persons { known[person] = try facts.teams(of: person) }
            return (
                known, try facts.rostered(SimulatedDomain.theSeason, SimulatedDomain.closed)?.boolean == true,
                try devices.map { try facts.rostered($0, Roster.deviceStanding)?.text }
            )
        }
        let closed = Set(
            try await service.devices().filter { $0.handedInMilliseconds != nil }.map(\.device))
        teams = known
        unsureTeams = [:]
        isSeasonClosed = isClosed
        leaks.returned(to: known.mapValues { Set($0.map { SimulatedDomain.audience(ofTeam: $0) }) })
        for (host, standing) in zip(hosts, standings) {
            let device = host.replica.identity.device
            if host.isRevoked { care.forgot(device, host.isLost) }
            if let isLost = host.unsureRevocation { care.forgot(device, isLost) }
            host.unsureRevocation = nil
            host.isRevoked = standing != Roster.active
            host.isLost = standing == Roster.lost
            // What it said since is forgotten: it is asked for again.
            host.hasHandedIn = host.hasHandedIn && closed.contains(device)
            if !host.isRevoked { leaks.restore(host.name) }
        }
    }

    /// What the server says of a device's change; nil where it has never received it.
    func verdict(of change: ChangeID, for host: ReplicaHost) throws -> Verdict? {
        guard let service = server.service else { return nil }
        // Also of one that may not speak any more.
        let device = DeviceIdentity(
            device: host.replica.identity.device, person: host.person, publicKey: host.key.publicKey)
        do {
            let entries = try wait { try await service.verdicts(of: [change], for: device) }
            // So it calls what it never received.
            guard let verdict = entries.first?.verdict, verdict != .waiting(behind: 0) else { return nil }
            return verdict
        } catch let reason as Reason where reason.code == "replica.foreign" {
            // A restored server does not know any more as whom a copy went on.
            return nil
        }
    }

    /// Whose signed head of an epoch is of more than so many leaves.
    func hosts(knowingMoreThan size: UInt64, in epoch: Epoch) async throws -> Set<String> {
        var knowing: Set<String> = []
        for host in hosts {
            do {
                guard let head = try await host.replica.knownTree()?.head, head.epoch == epoch,
                    head.size > size
                else { continue }
                knowing.insert(host.name)
            } catch is PowerLost { continue }
        }
        return knowing
    }
}
