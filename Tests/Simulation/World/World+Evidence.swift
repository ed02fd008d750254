import ChangeLog
import OfflineReplica
import SyncServer

extension World {
    /// A restored server hears from devices what it had taken away, and takes it away again (P-119): but nothing that it
    /// had never decided, and nothing less than that.
    func learnWhatWasTakenAgain() throws {
        guard care.era > 0, let service = server.service else { return }
        let (persons, devices) = (teams.keys.sorted(), hosts.map(\.replica.identity.device))
        let (known, standings): ([RecordID: Set<Int>], [String?])
        do {
            (known, standings) = try wait {
                try await service.read { facts in
                    (
                        Dictionary(
                            uniqueKeysWithValues: try persons.map { ($0, try facts.teams(of: $0)) }),
                        try devices.map { try facts.rostered($0, Roster.deviceStanding)?.text }
                    )
                }
            }
        } catch is PowerLost { return } catch is ServerError { return }
        for person in persons { learn(known[person] ?? [], of: person) }
        for (host, standing) in zip(hosts, standings) where host.unsureRevocation == nil {
            learn(standing, of: host)
        }
    }

    /// Who has seen of which device that it was revoked.
    func witnesses() throws -> [ServerCare.Witness] {
        let devices = Set(hosts.map(\.replica.identity.device)).sorted()
        var witnesses: [ServerCare.Witness] = []
        for host in hosts {
            let (name, replica) = (host.name, host.replica)
            do {
                witnesses += try wait {
                    try await replica.read { reader in
                        try devices.compactMap { device in
                            let standing = try reader.rostered(device, Roster.deviceStanding)?.text
                            guard let standing, standing != Roster.active else { return nil }
                            return ServerCare.Witness(
                                name: name, revoked: device, isLost: standing == Roster.lost)
                        }
                    }
                }
            } catch is PowerLost { continue }
        }
        return witnesses
    }

    /// What a device had seen taken away, and has exchanged with the restored server since, is taken away again.
    func checkWitnesses(_ able: [ReplicaHost]) {
        for witness in care.witnesses where able.contains(where: { $0.name == witness.name }) {
            for host in hosts where host.replica.identity.device == witness.revoked {
                guard !host.isRevoked || witness.isLost && !host.isLost else { continue }
                log.report(
                    .verdicts, "\(witness.name) knows that \(host.name) was revoked, and the server does not")
            }
        }
    }

    private func learn(_ standing: String?, of host: ReplicaHost) {
        let (isRevoked, isLost) = (standing != Roster.active, standing == Roster.lost)
        guard isRevoked != host.isRevoked || isLost != host.isLost else { return }
        let forgotten = care.forgotten[host.replica.identity.device] ?? []
        guard isRevoked, !host.isLost, forgotten.contains(isLost) else {
            let standing = standing ?? "unknown"
            return log.report(.verdicts, "\(host.name) is \(standing), which nobody had decided")
        }
        (host.isRevoked, host.isLost) = (true, isLost)
        leaks.silence(host.name)
        log.count(.revokedAgain)
        log.note("\(host.name) is \(isLost ? "lost" : "retired") again, as a device has told")
    }

    private func learn(_ now: Set<Int>, of person: RecordID) {
        let before = teams[person] ?? []
        // Of a decision whose answer was lost nobody knows whether it was made.
        guard now != before, unsureTeams[person] == nil else { return }
        guard care.decidedTeams[person]?.contains(where: { before.intersection($0) == now }) == true else {
            return log.report(
                .verdicts,
                "\(person.short) is in \(now.sorted()), and not in \(before.sorted()), which nobody had decided"
            )
        }
        teams[person] = now
        for team in before.subtracting(now).sorted() {
            leaks.revoked(SimulatedDomain.audience(ofTeam: team), from: person)
        }
        log.count(.deniedAgain)
        log.note("\(person.short) is in \(now.sorted()) again, as a device has told")
    }
}

extension FactSource {
    func teams(of person: RecordID) throws -> Set<Int> {
        let list = try rostered(person, SimulatedDomain.teams)?.list ?? []
        return Set(list.compactMap { $0.record.map { Int($0.bits.low) } })
    }
}
