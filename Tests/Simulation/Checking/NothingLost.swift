import ChangeLog
import Merging
import OfflineReplica
import SyncProtocol
import SyncServer

/// Each edit ever made is in the merged state, superseded by an edit whose author had seen it on the
/// screen, a candidate of a conflict, in a tray, held or waiting at the server, or was taken back.
struct NothingLost {
    let player: Player
    private let names: FinalNames
    private var oracle: Oracle
    private var world: World { player.world }

    init(_ player: Player) throws {
        self.player = player
        names = try FinalNames(player.world)
        oracle = player.world.oracle.named(names, player.world.continuations.lineages)
    }

    mutating func check() throws {
        guard let auditor = world.auditor else { return }
        var (accepted, standing): (Set<ChangeID>, Set<ChangeID>) = ([], [])
        for change in oracle.order {
            guard let act = oracle.acts[change]?.first else { continue }
            // What is for oneself alone is read by its author's devices only.
            let isPrivate = act.screen.audience.family == "person"
            let reader = isPrivate ? owner(of: act) : auditor
            let state = try status(of: change, at: reader)?.state
            if state == .accepted { accepted.insert(change) }
            // An author sees the own edits that are held, and they stand over the others.
            if state == .accepted || isPrivate && (state == .held || state == .waiting) {
                standing.insert(change)
            } else {
                try checkUnaccepted(change, by: act.device)
            }
        }
        try checkAuthors(auditor)
        let epochs = world.care.epoch.flatMap { epoch in
            world.server.service.map { EpochLineage(epoch, $0.epochs.map(\.record)) }
        }
        oracle.end(standing: standing, epochs: epochs)
        try checkGroups(accepted)
        try checkFields(standing, accepted: accepted)
    }

    private func status(of change: ChangeID, at host: ReplicaHost?) throws -> ChangeStatus? {
        guard let replica = host?.replica else { return nil }
        return try world.wait { try await replica.read { try $0.status(of: change) } }
    }

    /// Nothing stands in the order that nobody made.
    private func checkAuthors(_ auditor: ReplicaHost) throws {
        let replica = auditor.replica
        let log = try world.wait { try await replica.read { try $0.log(limit: 100_000) } }
        for envelope in log.map(\.envelope)
        where envelope.audience.family == "team" && oracle.acts[envelope.id] == nil {
            world.log.report(.verdicts, "nobody made \(envelope.id), which was accepted")
        }
    }

    /// The device that made an edit for its person alone, or another of that person where that one may not
    /// speak any more.
    private func owner(of act: Oracle.Act) -> ReplicaHost? {
        let able = world.hosts.filter { !$0.isRevoked }
        return able.first { $0.name == act.device } ?? able.first { $0.person == act.screen.audience.subject }
    }

    private func checkUnaccepted(_ change: ChangeID, by device: String) throws {
        guard !names.keptBack.contains(change) else { return }
        guard let host = world.hosts.first(where: { $0.name == device }) else { return }
        guard let status = try status(of: change, at: host) else {
            return world.log.report(.nothingLost, "\(change) is nowhere")
        }
        switch status.state {
        case .held, .waiting: return
        case .queued where host.isRevoked:
            // It is lost, another copy has ended the last session, or somebody went on writing behind that: it has no way to
            // tell any more, and keeps it for its author.
            return
        case .accepted where try isOfBefore(host): return
        case .refused where status.reason?.code.hasPrefix("restore.deleted") == true:
            try checkDeleted(change, of: host)
        case .queued, .accepted:
            world.log.report(.nothingLost, "\(change) is \(status.state) for \(device), and for nobody else")
        case .refused:
            let replica = host.replica
            let tray = try world.wait { try await replica.read { try $0.tray().map(\.id) } }
            guard !tray.contains(change), !oracle.given.contains(change) else { return }
            world.log.report(
                .nothingLost,
                "\(change) was refused (\(status.reason?.code ?? "")), and is not in the tray of \(device)")
        }
    }

    /// Whether a device that may not speak any more has never heard of a restore: it keeps what it has for its author.
    private func isOfBefore(_ host: ReplicaHost) throws -> Bool {
        let replica = host.replica
        return try host.isRevoked && !host.hasHandedIn
            && world.wait { try await replica.view() }.epoch != world.care.epoch
    }

    /// It was accepted, deleted by its author's device because the audience may not be read any more, and lost by a
    /// restore. Whoever held it offered it, and it was judged as if it had been sent now (P-116): the server keeps it back,
    /// or has refused it; or nobody else had it.
    private func checkDeleted(_ change: ChangeID, of host: ReplicaHost) throws {
        guard case .accepted? = try world.verdict(of: change, for: host) else { return }
        world.log.report(.nothingLost, "\(change) was accepted, and is not in the order")
    }

    private func checkGroups(_ accepted: Set<ChangeID>) throws {
        for group in oracle.groups {
            let count = group.count(where: accepted.contains)
            if count != 0, count != group.count {
                world.log.report(.causality, "of the action \(group) only \(count) changes were accepted")
            }
        }
    }

    private func checkFields(_ standing: Set<ChangeID>, accepted: Set<ChangeID>) throws {
        let acts = oracle.order.filter(standing.contains).flatMap { oracle.acts[$0] ?? [] }
        for place in Set(acts.map { Place(of: $0) }).sorted() {
            let isPrivate = place.audience.family == "person"
            let all = acts.filter { Place(of: $0) == place }
            guard let host = isPrivate ? owner(of: all[0]) : world.auditor else { continue }
            let replica = host.replica
            // What is held is seen where it was made, and nowhere else.
            let here = all.filter {
                accepted.contains($0.change) || oracle.keepers[$0.change]?.contains(host.name) == true
            }
            guard !here.isEmpty else { continue }
            let merged = try world.wait {
                try await replica.read { try $0.merged(place.record, in: place.audience) }
            }
            guard let merged else {
                world.log.report(
                    .nothingLost, "\(place) is not there, although \(here.count) edits were accepted")
                continue
            }
            for message in FieldCheck(oracle: oracle, acts: here, merged: merged).faults {
                world.log.report(.nothingLost, "\(place): \(message)")
            }
        }
    }

    private struct Place: Hashable, Comparable, CustomStringConvertible {
        let audience: AudienceID
        let record: RecordID

        init(of act: Oracle.Act) {
            audience = act.screen.audience
            record = act.screen.record
        }

        var description: String { "\(record.short) in \(audience.short)" }
        static func < (left: Self, right: Self) -> Bool {
            left.audience == right.audience ? left.record < right.record : left.audience < right.audience
        }
    }
}
