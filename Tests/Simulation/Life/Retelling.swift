import ChangeLog
import OfflineReplica

/// Which deeds of an entry of the tray are told anew by which change.
///
/// A change is sent again as it was. Only edits of a text whose version has gone are told apart from the rest: all
/// of one text as one change, after the others, or as none where they come to nothing.
struct Retelling {
    private(set) var acts: [(act: Oracle.Act, change: ChangeID)] = []
    /// Words that were typed, erased by nobody, and are not told again.
    private(set) var missing: [String] = []

    init(of items: [TrayItem], by made: [LoggedChange], _ known: (ChangeID) -> [Oracle.Act]) {
        var rest = made[...]
        var lost: [Oracle.Act] = []
        for item in items {
            guard let next = rest.first, Self.tells(next, item) else {
                lost += known(item.id).filter(\.deed.isOnText)
                continue
            }
            rest.removeFirst()
            let keepsText = (next.change?.operations ?? []).contains(where: Self.isEdit)
            for act in known(item.id) {
                if act.deed.isOnText, !keepsText {
                    lost.append(act)
                } else {
                    acts.append((act, next.envelope.id))
                }
            }
        }
        for act in lost {
            let change = rest.first { change in
                change.envelope.audience == act.screen.audience
                    && change.change?.operations.first?.record == act.screen.record
            }
            if let change {
                acts.append((act, change.envelope.id))
            } else if case .type(let word) = act.deed, !lost.contains(where: { $0.deed == .erase(word) }) {
                missing.append(word)
            }
        }
    }

    /// A change that is sent again keeps the view that it was made on; a text that is told anew has today's.
    private static func tells(_ made: LoggedChange, _ item: TrayItem) -> Bool {
        let others = item.operations.filter { !isEdit($0) }
        return made.envelope.audience == item.audience
            && (made.change?.operations ?? []).filter { !isEdit($0) } == others
            && (!others.isEmpty || made.envelope.base.own == item.base.own)
    }

    private static func isEdit(_ operation: ChangeLog.Operation) -> Bool {
        if case .edit = operation { true } else { false }
    }
}

extension Oracle.Deed {
    var isOnText: Bool {
        switch self {
        case .type, .erase: true
        default: false
        }
    }
}
