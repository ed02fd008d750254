import ChangeLog
import OfflineReplica
import SyncProtocol
import SyncServer
import TransparencyLog

extension Player {
    /// The administrator makes a backup, or somebody copies the server's disk.
    func keepServer(_ dice: inout SplitMix64) throws {
        // Of an order that some know otherwise nothing can be gone on from.
        guard let epoch = world.care.epoch, world.care.slip == nil else { return }
        let (server, isBackup) = (world.server, dice.chance(70))
        let folder = "\(world.folder)/kept\(world.care.anotherFolder())"
        // Before the copy is made: all that was told until then is in it.
        let verdicts = world.verdicts
        do {
            try world.wait { try await server.keep(in: folder, isBackup: isBackup) }
            world.care.keep(ServerCare.Kept(folder: folder, epoch: epoch, verdicts: verdicts))
        } catch is PowerLost { return } catch is ServerError { return }
        world.log.note(isBackup ? "a backup is made" : "the server's disk is copied")
    }

    /// The server is lost, and another one goes on from a backup, in a new epoch. What the administrator had decided
    /// since is decided anew, sooner or later.
    func restoreServer(_ dice: inout SplitMix64) throws {
        guard let kept = choice(&dice) else { return }
        let (world, before, witnesses) = (world, Decisions(world), try world.witnesses())
        let folder = "\(world.folder)/server\(world.care.anotherFolder())"
        // Who restores takes some time.
        world.clock.advance(by: 60_000)
        try world.wait {
            try await world.server.restore(from: kept.folder, in: folder) { service in
                guard let epoch = service.epochs.last?.record else { return }
                world.care.restored(as: epoch.epoch, witnesses)
                world.verdicts.serverReturned(to: kept.verdicts)
                world.verdicts.began(epoch)
                try await world.learnRoster(of: service)
                world.log.note("the server is restored, and goes on from \(epoch.point)")
            }
        }
        world.log.count(.serverRestored)
        if dice.chance(60) { try enter(before) }
    }

    /// The server's files are replaced by older ones, although no restore is what the administrator meant to do.
    func putBackServer(_ dice: inout SplitMix64) throws {
        guard world.care.slip == nil, let kept = choice(&dice) else { return }
        let world = world
        let folder = "\(world.folder)/server\(world.care.anotherFolder())"
        world.clock.advance(by: 60_000)
        try world.wait {
            try await world.server.putBack(kept.folder, in: folder) { service in
                let size = try await service.comparison(with: 0).signed.head.size
                let slip = ServerCare.Slip(
                    epoch: kept.epoch, head: await service.head().1,
                    knowing: try await world.hosts(knowingMoreThan: size, in: kept.epoch))
                world.care.slipped(to: kept, slip)
                world.verdicts.serverReturned(to: kept.verdicts)
                try await world.learnRoster(of: service)
                world.log.note(
                    "the server's files are put back, up to \(slip.head); \(slip.knowing.sorted()) know more")
            }
        }
        world.log.count(.serverPutBack)
    }

    /// Whoever hears that the server has forgotten something restores it, from before that.
    func mendServer(_ dice: inout SplitMix64) throws {
        guard world.care.slip?.isNoticed == true else { return }
        try restoreServer(&dice)
    }

    /// Mostly the newest.
    private func choice(_ dice: inout SplitMix64) -> ServerCare.Kept? {
        let choices = world.care.choices
        return dice.chance(75) ? choices.last : choices.randomElement(using: &dice)
    }

    /// What the server had been told by its administrator.
    private struct Decisions {
        let teams: [RecordID: Set<Int>]
        let isSeasonClosed: Bool
        let revoked: [Bool]

        init(_ world: World) {
            teams = world.teams
            isSeasonClosed = world.isSeasonClosed
            revoked = world.hosts.map(\.isRevoked)
        }
    }

    private func enter(_ before: Decisions) throws {
        for (person, teams) in before.teams.sorted(by: { $0.key < $1.key }) where world.teams[person] != teams
        {
            try world.setTeams(of: person, to: teams)
        }
        if world.isSeasonClosed != before.isSeasonClosed {
            try turnSeason(isClosed: before.isSeasonClosed)
        }
        for (host, wasRevoked) in zip(world.hosts, before.revoked) where wasRevoked && !host.isRevoked {
            try revokeDevice(host.isLost)
        }
    }
}
