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

    /// A device that had seen a revocation.
    struct Witness {
        let name: String
        let revoked: RecordID
        let isLost: Bool
    }

    /// That the server stands in; nil before there is one.
    private(set) var epoch: Epoch?
    private(set) var kept: [Kept] = []
    private(set) var slip: Slip?
    /// The revocations that a server which went on from an earlier state may have forgotten, by device: of lost ones or
    /// not. Devices that saw them bring them back.
    private(set) var forgotten: [RecordID: Set<Bool>] = [:]
    /// Who had seen of which device that it was revoked when the server was last restored.
    private(set) var witnesses: [Witness] = []
    /// All that was ever decided about the teams of a person.
    private(set) var decidedTeams: [RecordID: Set<Set<Int>>] = [:]
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
    mutating func restored(as epoch: Epoch, _ witnesses: [Witness]) {
        self.witnesses = witnesses
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

    mutating func decides(_ teams: Set<Int>, of person: RecordID) {
        decidedTeams[person, default: []].insert(teams)
    }

    mutating func forgot(_ device: RecordID, _ isLost: Bool) { forgotten[device, default: []].insert(isLost) }

    mutating func notice() { slip?.isNoticed = true }

    /// Its disk is another one: what it had seen is lost with it.
    mutating func forget(_ name: String) {
        slip?.knowing.remove(name)
        witnesses.removeAll { $0.name == name }
    }
}
