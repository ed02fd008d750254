import ChangeLog
import OfflineReplica
import SyncProtocol
import SyncServer

/// Lets one thing after another happen.
final class Player {
    let world: World
    /// Texts are numbered, so that each can be found again.
    private(set) var texts = 0

    init(_ world: World) { self.world = world }

    func text() -> String {
        texts += 1
        return "«\(texts)»"
    }

    func skipTexts(_ count: Int) { texts += count }

    func play(_ step: PlanStep) throws {
        world.executor.reseed(step.dice)
        var dice = SplitMix64(seed: step.dice &+ 1)
        let host = self.host(of: step)
        if !host.power.isAlive { try host.revive(world) }
        world.server.buryIfDead()
        try world.learnWhatWasTakenAgain()
        switch step.action {
        case .edit: try edit(host, &dice)
        case .editTogether: try editTogether(host, &dice)
        case .openForm: try openForm(host, &dice)
        case .submitForm: try submitForm(host, &dice)
        case .resolve: try resolve(host, &dice)
        case .exchange: begin(host, try host.replicaInUse(isSecond: false), &dice)
        case .exchangeSecond: begin(host, try host.replicaInUse(isSecond: true), &dice)
        case .live: beginLive(host, &dice)
        case .wait:
            for _ in 0..<dice.below(200) where !world.executor.runOne() { break }
            // From a moment to months.
            world.clock.advance(by: Int64(dice.below(1 << (4 + dice.below(28)))))
        case .retry: try retry(host, &dice)
        case .drop: try drop(host)
        case .takeBack: try takeBack(host)
        case .rebuild: try guarded(host) { try await $0.rebuild() }
        default: try befall(step.action, host, &dice)
        }
        // Whatever has begun goes on for a while before the next thing happens.
        for _ in 0..<dice.below(120) where !world.executor.runOne() { break }
        try look(at: host)
    }

    /// The device, or one of its living copies.
    private func host(of step: PlanStep) -> ReplicaHost {
        let copies = world.hosts.filter { $0.original == step.device }
        return ([world.hosts[step.device]] + copies)[Int(step.dice >> 33) % (1 + copies.count)]
    }

    /// Runs what a person asks of a replica. A program that dies under it, or whose disk is full, is no
    /// breach: nothing was promised.
    ///
    /// - Returns: nil when it did not come about.
    @discardableResult
    func guarded<Value: Sendable>(
        _ host: ReplicaHost, _ body: @escaping @Sendable (Replica) async throws -> Value
    ) throws -> Value? {
        let replica = host.replica
        do {
            return try world.wait { try await body(replica) }
        } catch is PowerLost {
            try host.revive(world)
        } catch let error as ReplicaError where error.code == .diskFull {
            world.log.note("\(host.name) has a full disk")
        } catch let reason as Reason {
            world.log.note("\(host.name) may not: \(reason.code)")
        }
        return nil
    }

    /// An exchange begins, and goes on beside everything else.
    private func begin(_ host: ReplicaHost, _ replica: Replica, _ dice: inout SplitMix64) {
        let wire = Wire(host, in: world, dice: dice.next(), roughness: world.habits.roughness)
        let (world, power, era) = (world, host.power, world.care.era)
        world.log.note("\(host.name) begins an exchange")
        Task {
            let report = await replica.exchange(over: wire)
            // What a dead program still says of its closed database is nobody's news.
            if power.isAlive || report.error == nil { world.heard(report, by: host, since: era) }
        }
    }

    /// A pull stays open, and brings what others write as it comes, until something ends it.
    private func beginLive(_ host: ReplicaHost, _ dice: inout SplitMix64) {
        let wire = Wire(host, in: world, dice: dice.next(), roughness: world.habits.roughness)
        let (world, power, replica, era) = (world, host.power, host.replica, world.care.era)
        host.live?.cancel()
        world.log.note("\(host.name) stays connected")
        host.live = Task {
            var report = ExchangeReport()
            do {
                try await replica.pull(over: wire, isLive: true, into: &report)
            } catch { report.error = error }
            if power.isAlive, !Task.isCancelled { world.heard(report, by: host, since: era) }
        }
    }

    /// A program stays connected as long as it lives, and comes back by itself.
    func beginWatch(_ host: ReplicaHost, _ dice: inout SplitMix64) {
        let wire = Wire(host, in: world, dice: dice.next(), roughness: world.habits.roughness)
        // Whether something went wrong before is asked of each report; which server said what, of none.
        let (world, power, replica, era) = (world, host.power, host.replica, world.care.era)
        let failure = Failure()
        host.watch?.cancel()
        world.log.note("\(host.name) stays connected from now on")
        host.watch = Task {
            await replica.watch(over: wire) { report, next in
                guard power.isAlive else { return }
                world.heard(report, by: host, since: era)
                failure.isRejection = (report.error as? ConnectionError)?.code == .rejected
                if next != nil { return failure.begin() }
                if report.received + report.accepted > 0 { world.log.count(.watched) }
                if report.isComplete, failure.end() { world.log.count(.watchResumed) }
            }
            // The server has rejected the device for good.
            if !Task.isCancelled, failure.isRejection { host.watch = nil }
        }
    }

    /// A whole exchange that nothing disturbs.
    func exchange(_ host: ReplicaHost) throws -> ExchangeReport {
        let wire = Wire(host, in: world, dice: 0, roughness: 0)
        let replica = host.replica
        let era = world.care.era
        let report = try world.wait { await replica.exchange(over: wire) }
        world.heard(report, by: host, since: era)
        try look(at: host)
        return report
    }

    func look(at host: ReplicaHost) throws {
        let replica = host.replica
        do {
            let view = try world.wait { try await replica.view() }
            world.verdicts.look(at: host.name, view, world.log)
        } catch is PowerLost { try host.revive(world) }
    }
}

/// Whether something went wrong since all was well.
///
/// Unchecked: it stays on the simulation's thread.
private final class Failure: @unchecked Sendable {
    private var isOn = false
    /// Whether the newest report was that the server refuses to go on.
    var isRejection = false

    func begin() { isOn = true }

    /// - Returns: whether it was so.
    func end() -> Bool {
        defer { isOn = false }
        return isOn
    }
}

extension World {
    /// What an exchange brought about.
    ///
    /// - Parameter era: that of the server when it began.
    func heard(_ report: ExchangeReport, by host: ReplicaHost, since era: Int) {
        let name = host.name
        if let replica = report.continuedAs {
            log.count(.continuation)
            log.note("\(name) goes on as \(replica.short)")
        }
        if report.hasHandedIn {
            host.hasHandedIn = true
            log.count(.handedIn)
            if host.isOneOfMany { log.count(.handedInByCopy) }
            if report.restoration != nil { log.count(.handedInAfterRestore) }
            log.note("\(name) hands in what it had")
        }
        // Of an exchange with two servers nobody knows which of them said what.
        if era == care.era { verdicts.hear(report.verdicts, log) }
        for entry in report.verdicts {
            switch entry.verdict {
            case .refused: log.count(.refusal)
            case .held: log.count(.hold)
            case .accepted, .waiting: continue
            }
        }
        // No disk of a simulation loses anything: what would be mended silently is a fault of a program.
        for divergence in report.divergences {
            if notices(since: era) {
                log.note("\(name) has other than the server in \(divergence.audience.short)")
                continue
            }
            log.report(
                .convergence,
                "\(name) had other than the server in \(divergence.audience.short) behind \(divergence.after)"
            )
        }
        guard let error = report.error else {
            return log.note(
                "\(name) has exchanged: \(report.accepted) accepted, \(report.held) held, \(report.refused) refused, \(report.received) received"
            )
        }
        log.note(
            "the exchange of \(name) ends: \((error as? ConnectionError)?.code.rawValue ?? "\(type(of: error))")"
        )
        switch error {
        case is PowerLost, is ConnectionError: return
        case let error as ReplicaError where error.code == .diskFull: return
        // To a pull that stays open nothing can be done about it, and an exchange tries only so often.
        case let error as ReplicaError where error.code == .copied && host.isOneOfMany: return
        // The server was restored between two conversations of one exchange: the next one begins there.
        case let error as ReplicaError where error.code == .epoch && era != care.era: return
        case let error as ReplicaError where error.isOfTheServer && notices(since: era): return
        default: log.report(.errors, "an exchange of \(name) fails: \(error)")
        }
    }

    /// Whether what a device finds to be wrong may be the server's having forgotten something; then it is known.
    private func notices(since era: Int) -> Bool {
        guard care.slip != nil else { return era != care.era }
        log.count(.rollbackNoticed)
        care.notice()
        return true
    }
}

extension ReplicaError {
    /// That the server says other than it said before.
    fileprivate var isOfTheServer: Bool {
        [.treeShorter, .treeSplit, .treeRewritten, .evidence].contains(code)
    }
}

extension ReplicaHost {
    /// Another life, on the files of the last.
    func revive(_ world: World) throws {
        world.log.note("\(name) dies and is started again")
        try restart()
    }

    func replicaInUse(isSecond: Bool) throws -> Replica { isSecond ? try second() : replica }
}
