import ChangeLog

/// What the server's administrator has in a drawer, and what became of it.
struct ServerCare {
    /// All that a server had in one moment, and what it had told until then.
    struct Kept {
        let folder: String
        let epoch: Epoch
        let verdicts: VerdictWatch
    }

    /// The files were put back by themselves, and nobody has mended it yet.
    struct Slip {
        let epoch: Epoch
        /// The newest position that it still knew.
        let head: Position
        /// The devices that had seen a signed head of what it has forgotten.
        var knowing: Set<String>
        /// Whether any device has told that something is wrong.
        var isNoticed = false
    }

    /// That the server stands in; nil before there is one.
    private(set) var epoch: Epoch?
    private(set) var kept: [Kept] = []
    private(set) var slip: Slip?
    /// How often the server went on from an earlier state.
    private(set) var era = 0
    private var folders = 0

    mutating func anotherFolder() -> Int {
        folders += 1
        return folders
    }

    mutating func keep(_ new: Kept) { kept.append(new) }

    /// What can be gone on from: of the order that everybody is on.
    var choices: [Kept] { kept.filter { $0.epoch == epoch } }

    mutating func began(_ epoch: Epoch) { self.epoch = epoch }

    /// A new epoch goes on from one of them.
    mutating func restored(as epoch: Epoch) {
        era += 1
        slip = nil
        self.epoch = epoch
    }

    /// What was kept later tells of an order that is not the server's any more.
    mutating func slipped(to old: Kept, _ slip: Slip) {
        era += 1
        kept = choices.prefix { $0.folder != old.folder } + [old]
        self.slip = slip
    }

    mutating func notice() { slip?.isNoticed = true }

    /// Its disk is another one: what it had seen is lost with it.
    mutating func forget(_ name: String) { slip?.knowing.remove(name) }
}
