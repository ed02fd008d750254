import ChangeLog
import Merging

/// Compares one record with what was done to it and seen of it.
struct FieldCheck {
    let oracle: Oracle
    /// The accepted acts on this record, in the order in which they were made.
    let acts: [Oracle.Act]
    let merged: MergedRecord

    var faults: [String] { writes + tags + words + remarks + presence }

    private var writes: [String] {
        acts.compactMap { act in
            guard case .write(let field, let text) = act.deed, let found = merged[field] else {
                if case .write(let field, _) = act.deed { return "\(field) is not there" }
                return nil
            }
            let stands = found.history.contains {
                $0.change == act.change && ($0.outcome == .shown || $0.outcome == .candidate)
            }
            if stands { return nil }
            let isSuperseded = acts.contains { other in
                switch other.deed {
                case .write(field, _), .resolve(field):
                    other.change != act.change && oracle.seen(by: other, in: field).contains(act.change)
                default: false
                }
            }
            // Twice in one change: the second write is the one that counts.
            let isRepeated = acts.contains {
                $0.change == act.change && $0.deed != act.deed && $0.deed.field == field
            }
            // Its author took it back, on a screen that did not show it any more, while it was on its way.
            let isGiven = oracle.given.contains(act.change)
            // What lies in one copy's tray, with its author's knowledge, another copy may have sent.
            let isShared = (oracle.keepers[act.change]?.count ?? 0) > 1
            let isKnown = acts.contains {
                $0.deed.field == field && $0.change.number > act.change.number
                    && oracle.isOwn(act.change, of: $0.change)
            }
            return isSuperseded || isRepeated || isGiven || isShared && isKnown
                ? nil
                : "\(text) of \(act.device) in \(field) (\(act.change.short)) is hidden, and nobody had seen it"
        }
    }

    private var remarks: [String] {
        let shown = Set((merged[SimulatedDomain.remarks]?.value?.list ?? []).compactMap(\.text))
        return acts.compactMap { act in
            guard case .append(let text) = act.deed, !shown.contains(text) else { return nil }
            return "the remark \(text) of \(act.device) is gone"
        }
    }

    private var tags: [String] {
        let shown = Set((merged[SimulatedDomain.tags]?.value?.list ?? []).compactMap(\.text))
        return acts.compactMap { act in
            guard case .insert(let tag) = act.deed, !shown.contains(tag) else { return nil }
            let isTaken = acts.contains {
                $0.deed == .take(tag) && $0.screen.tags[tag]?.contains(act.change) == true
            }
            let isOwn = acts.contains {
                $0.deed == .take(tag) && oracle.isOwn(act.change, of: $0.change)
                    && $0.change.number > act.change.number
            }
            return isTaken || isOwn
                ? nil : "\(tag) of \(act.device) (\(act.change.short)) was taken by nobody who saw it"
        }
    }

    private var words: [String] {
        let text = merged[SimulatedDomain.body]?.value?.text ?? ""
        return acts.compactMap { act in
            switch act.deed {
            case .type(let word):
                let isErased = acts.contains { $0.deed == .erase(word) }
                let (count, times) = (text.ranges(of: word).count, times(word))
                if count > times { return "\(word) stands \(count) times in the text" }
                return count == times || isErased
                    ? nil : "\(word) of \(act.device) (\(act.change.short)) is not in the text"
            case .erase(let word):
                // A text that was edited on a lost version is told anew without what it erased of others': where that
                // stood is not known any more.
                guard !oracle.isLost(act.screen) else { return nil }
                return text.ranges(of: word).count >= max(times(word), 1)
                    ? "\(word) stands in the text, and \(act.device) erased it" : nil
            default: return nil
            }
        }
    }

    /// How many typed a word: two copies of a disk may each take it out of the tray and send it again.
    private func times(_ word: String) -> Int {
        Set(acts.filter { $0.deed == .type(word) }.map(\.device)).count
    }

    private var presence: [String] {
        guard merged.presence == .removed else { return [] }
        let removals = acts.filter { $0.deed == .remove }
        return acts.compactMap { act in
            guard act.deed != .remove, act.deed != .restore, act.deed != .create else { return nil }
            let isSeen = removals.contains { $0.screen.seen.contains(act.change) || $0.change == act.change }
            return isSeen
                ? nil
                : "it is removed, and \(act.deed) of \(act.device) (\(act.change.short)) was seen by nobody who removed it"
        }
    }
}

extension Oracle.Deed {
    fileprivate var field: FieldName? {
        switch self {
        case .write(let field, _), .resolve(let field): field
        default: nil
        }
    }
}
