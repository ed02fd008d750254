import ChangeLog
import OfflineReplica
import SyncProtocol

/// Remembers what was told of each change and each replica, and says when a later word takes it back.
struct VerdictWatch {
    private var told: [ChangeID: Verdict] = [:]
    private var views: [String: View] = [:]

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

    /// Its disk is another one.
    mutating func forget(_ name: String) { views[name] = nil }

    mutating func look(at name: String, _ view: View, _ log: WorldLog) {
        defer { views[name] = view }
        guard let before = views[name] else { return }
        if view.cursor < before.cursor {
            log.report(.causality, "the cursor of \(name) goes back from \(before.cursor) to \(view.cursor)")
        }
        if view.own < before.own {
            log.report(.causality, "\(name) forgets its changes \(view.own + 1) to \(before.own)")
        }
    }
}
