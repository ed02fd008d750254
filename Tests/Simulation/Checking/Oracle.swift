import ChangeLog
import OfflineReplica

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
    /// What was on a disk that is gone.
    private(set) var lost: [ChangeID: Loss] = [:]
    /// The devices that have a change, by the ids that stand in the end.
    private(set) var keepers: [ChangeID: [String]] = [:]
    private var lineages = Lineages()
    /// What has no place in the order in the end.
    private var fallen: Set<ChangeID> = []
    private var epochs: EpochLineage?
    /// What stands on a disk alone, by the id that it has there.
    private var untold: [ChangeID: [Act]] = [:]

    mutating func note(_ act: Act) {
        if acts[act.change] == nil { order.append(act.change) }
        acts[act.change, default: []].append(act)
    }

    mutating func note(group: [ChangeID]) { groups.append(group) }
    mutating func giveUp(_ change: ChangeID) { given.insert(change) }

    /// A change that was on a disk that is gone: its id there, and what the server told of having it.
    struct Loss: Sendable {
        /// In which epoch it told so, and at which position; nil where it kept it back.
        struct Word: Sendable {
            let epoch: Epoch
            let position: Position?
        }

        let name: ChangeID
        let words: [Word]
    }

    mutating func lose(_ change: ChangeID, called name: ChangeID, _ word: Loss.Word?) {
        lost[change] = Loss(name: name, words: (lost[change]?.words ?? []) + (word.map { [$0] } ?? []))
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
        for (id, edits) in names.untold {
            named.untold[id] = edits.flatMap { edit in
                (acts[edit] ?? []).map { act in
                    Act(
                        change: id, device: act.device, deed: act.deed, screen: act.screen.renamed(rename))
                }
            }
        }
        // An action stays as large as it was: half of it may not be lost.
        named.groups = groups.map { group in group.map { names.ids[$0] ?? $0 } }
            .filter { group in group.contains { named.acts[$0] != nil } }
        named.given = Set(given.compactMap { names.ids[$0] })
        return named
    }

    /// What came of it all: which changes stand, and how the server's epochs went.
    mutating func end(standing: Set<ChangeID>, epochs: EpochLineage?) {
        fallen = Set(order).subtracting(standing)
        self.epochs = epochs
    }

    /// Whether a restore lost something of what its author had before the eyes.
    func isLost(_ screen: Screen) -> Bool {
        guard let epochs else { return false }
        let base = Base(epoch: screen.view.epoch, position: screen.view.cursor, own: screen.view.own)
        return epochs.translated(base).map { $0.position < base.position } ?? true
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
            // Of what stood there and was lost by a restore, the author knew all the same what it had replaced.
            let isGone = fallen.contains(change) || untold[change] != nil
            guard seen.insert(change).inserted, isOwn(change, of: act.change) || isGone else { continue }
            for own in (acts[change] ?? []) + (untold[change] ?? [])
            where own.screen.record == act.screen.record && own.screen.audience == act.screen.audience {
                next += own.screen.standing[field] ?? []
            }
        }
        return seen
    }
}
