import ChangeLog
import Logging
import SyncProtocol

extension Engine {
    /// Counts what was decided, once it is durable, and logs what was not accepted.
    func tell(_ decided: [VerdictEntry], to logger: Logger) {
        var accepted = 0
        for entry in decided {
            let told: (kind: String, code: String, level: Logger.Level)
            switch entry.verdict {
            case .accepted:
                accepted += 1
                continue
            // Somebody has to decide about it.
            case .held(let reason): told = ("held", reason.code, .notice)
            case .waiting: told = ("waiting", "", .debug)
            case .refused(let reason): told = ("refused", reason.code, .info)
            }
            metrics.verdict(told.kind, code: told.code)
            let result = told.code.isEmpty ? told.kind : "\(told.kind)(\(told.code))"
            LogEntry(action: .judge, object: "\(entry.change)", result: result)
                .write(to: logger, told.level, "Not accepted")
        }
        if accepted > 0 { metrics.verdict("accepted", code: "", by: accepted) }
    }
}

extension [VerdictEntry] {
    /// Such as `accepted=3 held=0 waiting=0 refused=1`.
    var summary: String {
        var counts = [0, 0, 0, 0]
        for entry in self {
            switch entry.verdict {
            case .accepted: counts[0] += 1
            case .held: counts[1] += 1
            case .waiting: counts[2] += 1
            case .refused: counts[3] += 1
            }
        }
        return "accepted=\(counts[0]) held=\(counts[1]) waiting=\(counts[2]) refused=\(counts[3])"
    }
}
