import ChangeLog

/// What everybody did, and had before the eyes: told by the people, not by the programs.
struct Oracle: Sendable {
    /// What a change did, in the words of the simulation.
    enum Deed: Hashable, Sendable {
        case create
        case write(FieldName, String)
        case resolve(FieldName)
        case append(String)
        case insert(String), take(String)
        case type(String), erase(String)
        case remove, restore
        case decide(String)
    }

    struct Act: Sendable {
        let change: ChangeID
        let device: String
        let deed: Deed
        let screen: Screen
    }

    private(set) var acts: [ChangeID: [Act]] = [:]
    /// In the order in which they were made.
    private(set) var order: [ChangeID] = []
    /// The changes of one action.
    private(set) var groups: [[ChangeID]] = []
    /// Taken back, or out of the tray, by their authors.
    private(set) var given: Set<ChangeID> = []

    mutating func note(_ act: Act) {
        if acts[act.change] == nil { order.append(act.change) }
        acts[act.change, default: []].append(act)
    }

    mutating func note(group: [ChangeID]) { groups.append(group) }
    mutating func giveUp(_ change: ChangeID) { given.insert(change) }

    /// What the author of a write had seen standing in the field: on that screen, or on those of the own
    /// edits that stood there.
    func seen(by act: Act, in field: FieldName) -> Set<ChangeID> {
        var seen: Set<ChangeID> = []
        var next = Array(act.screen.standing[field] ?? [])
        while let change = next.popLast() {
            guard seen.insert(change).inserted, change.replica == act.change.replica else { continue }
            for own in acts[change] ?? []
            where own.screen.record == act.screen.record && own.screen.audience == act.screen.audience {
                next += own.screen.standing[field] ?? []
            }
        }
        return seen
    }
}
