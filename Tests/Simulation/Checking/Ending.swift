import ChangeLog
import Merging
import OfflineReplica
import SyncProtocol
import SyncServer

/// The network is mended, all disks have room, everything runs; what comes of it is looked at.
struct Ending {
    let player: Player
    private var world: World { player.world }

    init(_ player: Player) { self.player = player }

    func run() throws {
        try mend()
        guard let auditor = world.auditor else { return }
        // Whose decision failed to be told may be revoked or not; it is now.
        for host in world.hosts where host.isRevoked { host.live?.cancel() }
        let all = world.hosts.filter { !$0.isRevoked } + [auditor]
        for _ in 0..<2 { for host in all { try settle(host) } }
        try decide()
        for _ in 0..<3 { for host in all { try settle(host) } }
        try checkQuiet(all)
        try checkConvergence(all)
        try NothingLost(player).check()
        try checkServer()
    }

    private func mend() throws {
        for host in world.hosts { host.live?.cancel() }
        // What is under way comes to its end: pauses of seconds, and no more.
        for _ in 0..<20 {
            while world.executor.runOne() {}
            guard world.clock.skip() else { break }
        }
        world.server.buryIfDead()
        world.server.power.setDiskFull(false)
        try player.restartServer()
        world.server.power.setFuse(.max)
        for host in world.hosts {
            (host.isConnected, host.isDeaf) = (true, false)
            host.power.setDiskFull(false)
            host.power.setFuse(.max)
            if !host.power.isAlive { try host.revive(world) }
        }
        // Of a decision whose answer was lost nobody knows whether it was made.
        for (person, teams) in world.teams.sorted(by: { $0.key < $1.key }) {
            try world.setTeams(of: person, to: teams)
        }
        for case let isLost? in world.hosts.map(\.unsureRevocation) { try player.revokeDevice(isLost) }
        world.log.note("all is mended")
    }

    /// The secretariat goes through what is held, most of it, and people look into their trays.
    private func decide() throws {
        var dice = SplitMix64(seed: UInt64(player.texts))
        if dice.chance(50) { try player.turnSeason(isClosed: false) }
        for _ in 0..<dice.below(12) where try !player.decide(isRelease: dice.chance(60), &dice) { break }
        for host in world.hosts where !host.isRevoked { try player.retry(host, &dice) }
    }

    private func settle(_ host: ReplicaHost) throws {
        let report = try player.exchange(host)
        guard let error = report.error else { return }
        world.log.report(.quiescence, "\(host.name) cannot exchange although all is well: \(error)")
    }

    private func checkQuiet(_ hosts: [ReplicaHost]) throws {
        for host in hosts {
            let report = try player.exchange(host)
            if report.received + report.accepted > 0 {
                world.log.report(
                    .noEcho,
                    "\(host.name) is sent \(report.received) changes and \(report.accepted) verdicts again")
            }
            let replica = host.replica
            let statuses = try world.wait { try await replica.read { try $0.pending() } }
            for status in statuses where status.state == .queued {
                world.log.report(.quiescence, "\(status.change) of \(host.name) is still queued")
            }
            for status in statuses where status.state == .waiting {
                let isBehindHeld = statuses.contains {
                    $0.state == .held && $0.change.number < status.change.number
                }
                guard !isBehindHeld else { continue }
                world.log.report(
                    .quiescence, "\(status.change) of \(host.name) waits for nothing that is held")
            }
        }
    }

    /// Equal digests at equal cursors, and what is read is what the log gives when it is folded anew.
    private func checkConvergence(_ hosts: [ReplicaHost]) throws {
        var known: [String: (String, ReplicaDigest.AudienceEntry)] = [:]
        for host in hosts {
            let replica = host.replica
            let digest = try world.wait { try await replica.digest() }
            for entry in digest.audiences {
                let key = "\(digest.cursor) \(entry.audience.name)"
                guard let (name, other) = known[key] else {
                    known[key] = (host.name, entry)
                    continue
                }
                guard other == entry else {
                    world.log.report(
                        .convergence,
                        "\(entry.audience.name) differs between \(name) (\(other.records) records, \(other.changes) changes) and \(host.name) (\(entry.records), \(entry.changes))"
                    )
                    continue
                }
            }
            let before = try shown(replica)
            try world.wait { try await replica.rebuild() }
            let after = try shown(replica)
            if before != after {
                world.log.report(.convergence, "\(host.name) reads other things after a rebuild")
            }
        }
        for host in hosts {
            for team in (world.teams[host.person] ?? []).sorted() {
                let audience = SimulatedDomain.audience(ofTeam: team)
                guard known.values.contains(where: { $0.1.audience == audience }),
                    try !holds(audience, host)
                else { continue }
                world.log.report(.convergence, "\(host.name) never gets all of \(audience.short)")
            }
        }
        let cursors = Set(
            try hosts.map { host in
                let replica = host.replica
                return try world.wait { try await replica.view().cursor }
            })
        if cursors.count > 1 {
            world.log.report(.convergence, "cursors differ in the end: \(cursors.sorted())")
        }
    }

    /// Whether a device shows an audience.
    private func holds(_ audience: AudienceID, _ host: ReplicaHost) throws -> Bool {
        let replica = host.replica
        return try world.wait { try await replica.digest() }.audiences.contains { $0.audience == audience }
    }

    private func shown(_ replica: Replica) throws -> [String] {
        try world.wait {
            try await replica.read { reader in
                var lines = try reader.conflicts().map(\.conflict.id)
                for number in 1...5 {
                    let record = SimulatedDomain.record(number)
                    for audience in try reader.audiences(of: record) {
                        lines.append("\(String(describing: try reader.summary(of: record, in: audience)))")
                    }
                }
                return lines
            }
        }
    }

    private func checkServer() throws {
        guard let service = world.server.service else { return }
        let report = try world.wait { try await service.verify() }
        for finding in report.findings {
            world.log.report(.verdicts, "verify: \(finding.place): \(finding.message)")
        }
    }
}
