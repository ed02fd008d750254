import ChangeLog
import Merging
import OfflineReplica
import SyncServer

extension Player {
    /// What is done to programs, disks, clocks and rights.
    func befall(_ action: PlanStep.Action, _ host: ReplicaHost, _ dice: inout SplitMix64) throws {
        switch action {
        case .crashReplica:
            if dice.chance(50) { try host.revive(world) } else { host.power.setFuse(1 + dice.below(12)) }
        case .crashServer:
            if dice.chance(50) {
                world.server.crash()
                world.log.count(.crashBeforeCommit)
                world.log.note("the server dies")
            } else {
                world.server.power.setFuse(1 + dice.below(12))
            }
        case .stopServer: try stopServer()
        case .restartServer: try restartServer()
        case .cutOff:
            host.isConnected = false
            world.log.note("\(host.name) is cut off")
        case .deafen:
            host.isDeaf = true
            world.log.note("\(host.name) hears nothing")
        case .reconnect: (host.isConnected, host.isDeaf) = (true, false)
        case .forge: forge(as: host, &dice)
        case .revokeDevice: try revokeDevice(dice.chance(50))
        case .fillDisk: (dice.chance(50) ? host.power : world.server.power).setDiskFull(true)
        case .freeDisk:
            host.power.setDiskFull(false)
            world.server.power.setDiskFull(false)
        case .turnClock:
            world.log.count(.wrongClock)
            let years: Int64 = 31_557_600_000
            host.skew.value = dice.chance(40) ? 0 : Int64.random(in: -2 * years...2 * years, using: &dice)
        case .grant, .revoke: try turnTeams(of: host, isGrant: action == .grant, &dice)
        case .openSeason, .closeSeason: try turnSeason(isClosed: action == .closeSeason)
        case .release, .decline: try decide(isRelease: action == .release, &dice)
        case .keepDisk: try keepDisk(of: host)
        case .putBack: try putBack(host)
        case .copyReplica: try copyReplica(of: host)
        case .keepServer: try keepServer(&dice)
        case .restoreServer: try restoreServer(&dice)
        case .putBackServer: try putBackServer(&dice)
        case .mendServer: try mendServer(&dice)
        case .watch: beginWatch(host, &dice)
        case .retireDevice: try revokeDevice(false)
        default: return
        }
    }

    /// The server is told to stop, and ends what it has begun.
    private func stopServer() throws {
        guard let service = world.server.service else { return }
        world.server.stop()
        try world.wait { await service.close() }
        world.log.note("the server is stopped")
    }

    func restartServer() throws {
        guard world.server.service == nil else { return }
        let server = world.server
        try world.wait { try await server.restart() }
        world.log.note("the server is started again")
    }

    private func turnTeams(of host: ReplicaHost, isGrant: Bool, _ dice: inout SplitMix64) throws {
        var teams = world.teams[host.person] ?? []
        let team = dice.below(World.teamCount)
        guard teams.contains(team) != isGrant else { return }
        if isGrant { teams.insert(team) } else { teams.remove(team) }
        guard try world.setTeams(of: host.person, to: teams) else { return }
        world.log.count(isGrant ? .grant : .revocation)
        world.log.note("\(host.name) is \(isGrant ? "granted" : "denied") team \(team)")
    }

    func turnSeason(isClosed: Bool) throws {
        guard world.isSeasonClosed != isClosed else { return }
        let operation = Operation.write(
            SimulatedDomain.theSeason, SimulatedDomain.closed, .decided, .boolean(isClosed))
        guard try world.tell(SimulatedDomain.theSeason, [operation]) else { return }
        world.isSeasonClosed = isClosed
        if isClosed { world.log.count(.closing) }
        world.log.note("the season is \(isClosed ? "closed" : "open")")
    }

    /// The secretariat decides about something that is held.
    @discardableResult
    func decide(isRelease: Bool, _ dice: inout SplitMix64) throws -> Bool {
        guard let service = world.server.service else { return false }
        do {
            let held = try world.wait { try await service.held() }
            guard !held.isEmpty else { return false }
            let change = held[dice.below(held.count)].change
            world.log.note("the secretariat \(isRelease ? "releases" : "declines") \(change.short)")
            try world.wait {
                if isRelease {
                    try await service.release(change)
                } else {
                    try await service.decline(change, reason: "no")
                }
            }
            world.log.count(isRelease ? .release : .decline)
            return true
        } catch is PowerLost { return false } catch is ServerError { return false } catch is Reason {
            return true
        }
    }

    // MARK: - The tray

    func retry(_ host: ReplicaHost, _ dice: inout SplitMix64) throws {
        // What was handed in the secretariat decides about, and nobody works with such a device.
        guard !host.hasHandedIn else { return }
        guard let items = try guarded(host, { try await $0.read { try $0.tray() } }), !items.isEmpty else {
            return
        }
        let entry = items[dice.below(items.count)].entry
        guard try isDecided(entry, items, host, { _ = try await $0.retry(entry) }) else { return }
        let attempt = Attempt<Void>()
        try guarded(host) { replica in
            try await replica.read { attempt.begin(on: $0, at: try $0.view(), ()) }
            try await replica.retry(entry)
        }
        guard let made = try made(attempt, by: host)?.changes else {
            // What was typed and erased again comes to nothing: then there is nothing to send.
            let left = try guarded(host, { try await $0.read { try $0.tray() } }) ?? items
            guard !left.contains(where: { $0.entry == entry }) else { return }
            for item in items where item.entry == entry && isOnText(item.id, host) { giveUp(item.id, host) }
            return
        }
        world.log.count(.retry)
        world.log.note("\(host.name) sends \(entry.short) again as \(made.map(\.short))")
        let sent = items.filter { $0.entry == entry }
        for item in sent { giveUp(item.id, host) }
        for change in made { _ = host.line.note(change.number) }
        // The same deeds on the screens of before, except for texts, which are told anew.
        let retelling = Retelling(of: sent, by: try contents(of: made, at: host)) {
            acts(of: $0, host)
        }
        for (act, change) in retelling.acts {
            guard let edit = host.line.edits[change.number] else { continue }
            world.oracle.note(
                Oracle.Act(change: edit, device: host.name, deed: act.deed, screen: act.screen))
        }
        for word in retelling.missing {
            world.log.report(.nothingLost, "\(word) of \(host.name) in the tray is not sent again")
        }
    }

    /// Whether an entry is its author's again. As long as it is not, it must stay as it is.
    private func isDecided(
        _ entry: ChangeID, _ items: [TrayItem], _ host: ReplicaHost,
        _ act: @escaping @Sendable (Replica) async throws -> Void
    ) throws -> Bool {
        guard items.contains(where: { $0.entry == entry && $0.isUndecided }) else { return true }
        do {
            let replica = host.replica
            try world.wait { try await act(replica) }
            // A dropped edit that is let in later is there again, and one that was sent again is there twice.
            world.log.report(.nothingLost, "\(entry.short) of \(host.name) is held, and was let go")
        } catch let error as ReplicaError where error.code == .undecided {
            world.log.note("\(host.name) has to wait for what becomes of \(entry.short)")
        } catch is PowerLost { try host.revive(world) } catch is Reason {}
        return false
    }

    private func contents(of changes: [ChangeID], at host: ReplicaHost) throws -> [LoggedChange] {
        let log = try guarded(host) { try await $0.read { try $0.log(limit: 100_000) } } ?? []
        return log.filter { changes.contains($0.envelope.id) }.sorted { $0.envelope.id < $1.envelope.id }
    }

    private func isOnText(_ change: ChangeID, _ host: ReplicaHost) -> Bool {
        acts(of: change, host).allSatisfy(\.deed.isOnText)
    }

    /// What was done by an own change of a disk.
    private func acts(of change: ChangeID, _ host: ReplicaHost) -> [Oracle.Act] {
        host.line.edits[change.number].flatMap { world.oracle.acts[$0] } ?? []
    }

    private func giveUp(_ change: ChangeID, _ host: ReplicaHost) {
        if let edit = host.line.edits[change.number] { world.oracle.giveUp(edit) }
    }

    func drop(_ host: ReplicaHost) throws {
        guard let item = try guarded(host, { try await $0.read { try $0.tray().first } }) ?? nil else {
            return
        }
        let items = try guarded(host) { try await $0.read { try $0.tray() } } ?? []
        guard try isDecided(item.entry, items, host, { try await $0.drop(item.entry) }) else { return }
        // Before it is done: who dies after the commit tells nobody.
        for other in items where other.entry == item.entry { giveUp(other.id, host) }
        try guarded(host) { try await $0.drop(item.entry) }
    }

    func takeBack(_ host: ReplicaHost) throws {
        guard let change = try guarded(host, { try await $0.read { try $0.pending().last?.change } }) ?? nil
        else { return }
        // In an exchange that is under way it may have been sent already: then its verdict stands.
        giveUp(change, host)
        guard try guarded(host, { try await $0.takeBack(change) }) == true else { return }
        world.log.count(.takenBack)
        world.log.note("\(host.name) takes \(change.short) back")
    }

    // MARK: - Conflicts

    func resolve(_ host: ReplicaHost, _ dice: inout SplitMix64) throws {
        guard let all = try guarded(host, { try await $0.read { try $0.conflicts() } }) else { return }
        let registers = all.filter { $0.conflict.policy == .register }
        guard !registers.isEmpty else { return }
        let found = registers[dice.below(registers.count)]
        guard let field = found.conflict.field else { return }
        let accepted = found.conflict.candidates.filter { $0.position != nil }
        let keep = dice.chance(50) ? accepted.randomElement(using: &dice)?.change : nil
        let value = text()
        let attempt = Attempt<Screen>()
        try guarded(host) { replica in
            try await replica.record(on: nil) { reader -> (drafts: [Draft], result: Void) in
                let screen = try Screen(reader, found.conflict.record, in: found.audience)
                attempt.begin(on: reader, at: screen.view, screen)
                let choice: Choice = keep.map { .keep($0) } ?? .value(.text(value))
                let operation = Operation.resolve(
                    found.conflict.record, field, .register, choice, settling: found.conflict.settling)
                return ([Draft(found.audience, operations: [operation])], ())
            }
        }
        guard let made = try made(attempt, by: host), let change = made.changes.first else { return }
        let deed: Oracle.Deed = keep == nil ? .write(field, value) : .resolve(field)
        let screen = told(made.result, by: host)
        world.oracle.note(
            Oracle.Act(change: host.line.note(change.number), device: host.name, deed: deed, screen: screen))
        world.log.note("\(host.name) resolves \(field) of \(found.conflict.record.short) by \(change.short)")
    }
}
