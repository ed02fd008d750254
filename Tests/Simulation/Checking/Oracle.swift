import ChangeLog

/// What everybody did, and had before the eyes: told by the people, not by the programs.
///
/// While they live each change has the name that `DiskLine` gave it, since two copies of a disk call different
/// edits by one id. `named` tells all of it in the ids that stand in the end.
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
        var device: String
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
    /// What was on a disk that is gone: its id there, and whether the server told that it has it.
    private(set) var lost: [ChangeID: (name: ChangeID, isReceived: Bool)] = [:]
    /// The devices that have a change, by the ids that stand in the end.
    private(set) var keepers: [ChangeID: [String]] = [:]
    private var lineages = Lineages()

    mutating func note(_ act: Act) {
        if acts[act.change] == nil { order.append(act.change) }
        acts[act.change, default: []].append(act)
    }

    mutating func note(group: [ChangeID]) { groups.append(group) }
    mutating func giveUp(_ change: ChangeID) { given.insert(change) }

    mutating func lose(_ change: ChangeID, called name: ChangeID, isReceived: Bool) {
        let known = lost[change]
        lost[change] = (name, isReceived || known?.isReceived ?? false)
    }

    /// Tells everything in the ids that stand in the end; what is lost with a disk is not told at all.
    func named(_ names: FinalNames, _ lineages: Lineages) -> Oracle {
        func rename(_ change: ChangeID) -> ChangeID? { acts[change] == nil ? change : names.ids[change] }
        var named = Oracle()
        named.lineages = lineages
        for change in order {
            // What two copies recorded alike is one change.
            guard let id = names.ids[change], named.acts[id] == nil else { continue }
            let keepers = names.keepers[change] ?? []
            named.keepers[id] = keepers
            for act in acts[change] ?? [] {
                let keeper = keepers.contains(act.device) ? act.device : keepers.first ?? act.device
                named.note(
                    Act(change: id, device: keeper, deed: act.deed, screen: act.screen.renamed(rename)))
            }
        }
        // An action stays as large as it was: half of it may not be lost.
        named.groups = groups.map { group in group.map { names.ids[$0] ?? $0 } }
            .filter { group in group.contains { named.acts[$0] != nil } }
        named.given = Set(given.compactMap { names.ids[$0] })
        return named
    }

    /// Whether a change counts as made by the author of another one.
    func isOwn(_ change: ChangeID, of other: ChangeID) -> Bool {
        change.replica == other.replica || lineages[other.replica].includes(change)
    }

    /// What the author of a write had seen standing in the field: on that screen, or on those of the own
    /// edits that stood there.
    func seen(by act: Act, in field: FieldName) -> Set<ChangeID> {
        var seen: Set<ChangeID> = []
        var next = Array(act.screen.standing[field] ?? [])
        while let change = next.popLast() {
            guard seen.insert(change).inserted, isOwn(change, of: act.change) else { continue }
            for own in acts[change] ?? []
            where own.screen.record == act.screen.record && own.screen.audience == act.screen.audience {
                next += own.screen.standing[field] ?? []
            }
        }
        return seen
    }
}
