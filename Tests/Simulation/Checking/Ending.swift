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
        for host in world.hosts { host.leave() }
        drain()
        for _ in 0..<2 { try settleAll() }
        try checkNoticed()
        try handIn()
        try decide()
        for _ in 0..<3 { try settleAll() }
        // A device may have told only now that another one was revoked.
        try handIn()
        try world.learnWhatWasTakenAgain()
        let all = world.hosts.filter { !$0.isRevoked } + [auditor]
        world.checkWitnesses(all)
        try checkQuiet(all)
        try checkConvergence(all)
        var nothingLost = try NothingLost(player)
        try nothingLost.check()
        try checkServer()
    }

    private func mend() throws {
        for host in world.hosts { host.live?.cancel() }
        drain()
        world.server.buryIfDead()
        world.server.power.setDiskFull(false)
        try player.restartServer()
        world.server.power.setFuse(.max)
        for host in world.hosts {
            (host.isConnected, host.isDeaf, host.isCalm) = (true, false, true)
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
        try checkWatched()
    }

    /// What is under way comes to its end: pauses of seconds, and no more.
    private func drain() {
        for _ in 0..<20 {
            while world.executor.runOne() {}
            guard world.clock.skip() else { break }
        }
    }

    /// Who stays connected gets and sends everything without being asked to, once all is well: within the longest wait
    /// between two tries.
    private func checkWatched() throws {
        let watching = world.hosts.filter { $0.watch != nil && !$0.isRevoked }
        guard !watching.isEmpty, world.care.slip == nil else { return }
        let end = world.clock.now + 700_000
        while world.clock.now < end, world.executor.runOne() || world.clock.skip() {}
        try world.learnWhatWasTakenAgain()
        guard let service = world.server.service else { return }
        let (epoch, head) = try world.wait { await service.head() }
        for host in watching where !host.isRevoked {
            let replica = host.replica
            let (view, queued) = try world.wait {
                try await replica.read { (try $0.view(), try $0.counts().queued) }
            }
            guard view.epoch != epoch || view.cursor != head || queued > 0 else { continue }
            world.log.report(
                .quiescence,
                "\(host.name) stays connected, and stands at \(view) of \(head) with \(queued) edits not sent"
            )
        }
    }

    /// The secretariat goes through what is held, most of it, and people look into their trays.
    private func decide() throws {
        var dice = SplitMix64(seed: UInt64(player.texts))
        if dice.chance(50) { try player.turnSeason(isClosed: false) }
        for _ in 0..<dice.below(12) where try !player.decide(isRelease: dice.chance(60), &dice) { break }
        for host in world.hosts where !host.isRevoked { try player.retry(host, &dice) }
    }

    /// The last session of each retired device, and of its copies, as long as the server lets them.
    private func handIn() throws {
        try world.learnWhatWasTakenAgain()
        for host in world.hosts where host.isRevoked && !host.isLost && !host.hasHandedIn {
            let report = try player.exchange(host)
            let code = (report.error as? ConnectionError)?.reason?.code
            // Another copy may have said that all is handed in and deleted.
            guard !report.hasHandedIn, code != "device.closed" else { continue }
            world.log.report(
                .quiescence,
                "\(host.name) was retired, and cannot hand in: \(String(describing: report.error))")
        }
    }

    /// Everybody exchanges; where somebody finds that the server has forgotten something, all do so once more after
    /// that was mended.
    private func settleAll() throws {
        for host in able { try settle(host) }
        guard world.care.slip?.isNoticed == true else { return }
        try checkNoticed()
        var dice = SplitMix64(seed: UInt64(player.texts))
        try player.mendServer(&dice)
        for _ in 0..<2 { for host in able { try settle(host) } }
    }

    /// Those whose word the server takes.
    private var able: [ReplicaHost] {
        world.hosts.filter { !$0.isRevoked } + (world.auditor.map { [$0] } ?? [])
    }

    /// Whoever had seen a signed head of what the server has forgotten knows it now.
    private func checkNoticed() throws {
        guard let slip = world.care.slip else { return }
        for host in able where slip.knowing.contains(host.name) {
            let replica = host.replica
            guard try world.wait(for: { try await replica.treeFaults() }).isEmpty else { continue }
            world.log.report(
                .rollback, "\(host.name) exchanges with a server that has forgotten something, and knows more"
            )
        }
    }

    private func settle(_ host: ReplicaHost) throws {
        try world.learnWhatWasTakenAgain()
        guard !host.isRevoked else { return }
        let report = try player.exchange(host)
        guard let error = report.error, world.care.slip?.isNoticed != true else { return }
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
