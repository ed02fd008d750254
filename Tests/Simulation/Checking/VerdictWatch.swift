import ChangeLog
import OfflineReplica
import SyncProtocol

/// Remembers what was told of each change and each replica, and says when a later word takes it back.
struct VerdictWatch {
    private var told: [ChangeID: Verdict] = [:]
    private var views: [String: View] = [:]
    /// How the server's later epochs began, in their order.
    private var epochs: [EpochRecord] = []

    /// The server's answers, as one exchange brought them.
    mutating func hear(_ entries: [VerdictEntry], _ log: WorldLog) {
        for entry in entries {
            defer { told[entry.change] = entry.verdict }
            guard let before = told[entry.change], before != entry.verdict else { continue }
            switch before {
            case .accepted, .refused:
                log.report(
                    .verdicts, "\(entry.change) had the verdict \(before), and has \(entry.verdict) now")
            case .held, .waiting: continue
            }
        }
    }

    /// The server goes on from what it was when this was kept: it stands by what it had told until then, and cannot
    /// know what it told since.
    mutating func serverReturned(to kept: VerdictWatch) { told = kept.told }

    /// The server was restored.
    mutating func began(_ epoch: EpochRecord) { epochs.append(epoch) }

    /// Its disk is another one.
    mutating func forget(_ name: String) { views[name] = nil }

    mutating func look(at name: String, _ view: View, _ log: WorldLog) {
        defer { views[name] = view }
        guard let before = views[name] else { return }
        // Into a new epoch a replica takes what both orders have in common, and nothing less.
        let known = epochs.firstIndex { $0.epoch == before.epoch }.map { $0 + 1 } ?? 0
        let isSame = view.epoch == before.epoch
        let end = isSame ? before.cursor : epochs[known...].map(\.point).reduce(before.cursor, min)
        if view.cursor < end {
            log.report(
                .causality,
                "the cursor of \(name) goes back from \(before.cursor) to \(view.cursor), and not to \(end)")
        }
        if view.own < before.own {
            log.report(.causality, "\(name) forgets its changes \(view.own + 1) to \(before.own)")
        }
    }
}
