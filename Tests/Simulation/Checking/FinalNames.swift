import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol
import SyncServer

/// By which id each edit goes in the end: told by the disks that hold it, and by nobody of what is lost with one.
struct FinalNames {
    private(set) var ids: [ChangeID: ChangeID] = [:]
    /// The devices whose disks hold it, by the oracle's name.
    private(set) var keepers: [ChangeID: [String]] = [:]
    /// Of a lost disk, and kept back by the server: nobody else can tell of it. By the final id.
    private(set) var keptBack: Set<ChangeID> = []
    /// By the ids that they had there: edits on disks of devices that may not speak any more, which the server has not
    /// or has lost. Others may have seen them.
    private(set) var untold: [ChangeID: [ChangeID]] = [:]
    private var meanings: [ChangeID: ChangeID] = [:]
    private let world: World
    private let bounds: Bounds

    init(_ world: World) throws {
        self.world = world
        bounds = Bounds(world)
        var doubtful: [Doubt] = []
        for host in world.hosts { doubtful += try hear(host) }
        for doubt in doubtful { try decide(doubt) }
        try recall()
    }

    /// What a disk told to a server that was restored since, of which it may not hear any more.
    private struct Doubt {
        let id: ChangeID
        let edit: ChangeID
        let host: ReplicaHost
    }

    private mutating func hear(_ host: ReplicaHost) throws -> [Doubt] {
        let (replica, continuations) = (host.replica, world.continuations)
        let edits = host.line.edits.sorted { $0.key < $1.key }
        let ids = try world.wait {
            try await replica.read { reader in
                try edits.map { try continuations.name(of: $0.key, in: reader) }
            }
        }
        var doubtful: [Doubt] = []
        for (id, edit) in zip(ids, edits.map(\.value)) {
            switch host.isRevoked && host.isOneOfMany ? try telling(of: id, by: host) : .told {
            case .told: name(edit, id, host)
            case .doubtful: doubtful.append(Doubt(id: id, edit: edit, host: host))
            case .untold: untold[id, default: []].append(edit)
            }
        }
        return doubtful
    }

    private mutating func name(_ edit: ChangeID, _ id: ChangeID, _ host: ReplicaHost) {
        keepers[edit, default: []].append(host.name)
        if let other = ids[edit], other != id {
            world.log.report(.verdicts, "\(host.name) calls \(id), what another copy calls \(other)")
        }
        if let other = meanings[id], other != edit, !isSame(other, edit) {
            world.log.report(
                .nothingLost, "\(id) stands for edits of \(keepers[other] ?? []) and of \(host.name)")
        }
        (ids[edit], meanings[id]) = (id, edit)
    }

    /// Others may have given it back: then it stands under its number, if no other disk has used that one since.
    private mutating func decide(_ doubt: Doubt) throws {
        guard meanings[doubt.id] == nil || meanings[doubt.id] == doubt.edit,
            try world.verdict(of: doubt.id, for: doubt.host) != nil,
            let act = world.oracle.acts[doubt.edit]?.first, try isMeant(act, by: doubt.id)
        else {
            untold[doubt.id, default: []].append(doubt.edit)
            return
        }
        name(doubt.edit, doubt.id, doubt.host)
    }

    private enum Telling { case told, doubtful, untold }

    /// Whether a disk of a device that may not speak any more ever told the server of a change. What it did not tell
    /// stays on it, for its author, under a number that another copy may have used.
    private func telling(of id: ChangeID, by host: ReplicaHost) throws -> Telling {
        let replica = host.replica
        let (status, epoch, current) = try world.wait {
            try await replica.read { (try $0.status(of: id), try $0.view().epoch, $0.identity.replica) }
        }
        switch status?.state {
        case .accepted?, .held?, .waiting?:
            return bounds.holds(Oracle.Loss.Word(epoch: epoch, position: status?.position))
                ? .told : .doubtful
        // Lost by a restore after its contents were deleted: another copy may have used its number since, and then
        // nobody can give it back.
        case .refused? where status?.reason?.code.hasPrefix("restore.deleted") == true: return .doubtful
        case .refused?:
            // That all was received may have been told in an answer that never arrived.
            let isReceived = host.hasHandedIn || status?.reason?.code == Replica.handedInCode
            guard isReceived else { return .untold }
            return epoch == world.care.epoch ? .told : .doubtful
        // What came of it may have been told in an answer that never arrived, and another copy have ended the last
        // session before it could be asked again.
        case .queued?: return .doubtful
        // Deleted in a last session, and lost by a restore: who goes on as another replica leaves it to others.
        case nil where world.care.era > 0 && id.replica != current: return .doubtful
        case nil:
            world.log.report(.nothingLost, "\(id) is not on the disk of \(host.name) any more")
            return .untold
        }
    }

    /// Whether two copies recorded the same on the same view: then it is the same change, to the byte.
    private func isSame(_ one: ChangeID, _ other: ChangeID) -> Bool {
        let (left, right) = (world.oracle.acts[one] ?? [], world.oracle.acts[other] ?? [])
        return left.count == right.count
            && zip(left, right).allSatisfy { left, right in
                left.deed == right.deed && left.screen.view == right.screen.view
                    && left.screen.record == right.screen.record
                    && left.screen.audience == right.screen.audience
            }
    }

    /// What a lost disk had sent comes back from the server, which may have more of it than it told.
    private mutating func recall() throws {
        let bounds = bounds
        let lost = world.oracle.lost.filter { ids[$0.key] == nil && world.oracle.acts[$0.key] != nil }
            .map {
                (edit: $0.key, id: $0.value.name, isReceived: $0.value.words.contains(where: bounds.holds))
            }
        // What was told for certain first: of the others it decides which one is meant.
        let order = lost.sorted { ($1.isReceived ? 1 : 0, $0.edit) < ($0.isReceived ? 1 : 0, $1.edit) }
        for (edit, id, isReceived) in order {
            guard let act = world.oracle.acts[edit]?.first else { continue }
            // The same number of another disk: the server has that one, if it has any.
            let verdict = meanings[id] == nil ? try verdict(of: id, by: act.device) : nil
            switch verdict {
            case .accepted: break
            case .held, .waiting: keptBack.insert(id)
            case .refused: continue
            case nil:
                guard isReceived else { continue }
                world.log.report(.nothingLost, "\(id) was received, and its disk lost: it is nowhere")
                continue
            }
            guard try isReceived || isMeant(act, by: id) else { continue }
            (ids[edit], meanings[id]) = (id, edit)
        }
    }

    /// Whether a change that the server has under an id of a lost disk is this edit, and not one of another
    /// disk that is lost too. Of what nobody can read, the first is as good as another.
    private func isMeant(_ act: Oracle.Act, by id: ChangeID) throws -> Bool {
        let isPrivate = act.screen.audience.family == "person"
        let reader = isPrivate ? world.hosts.first { $0.name == act.device } : world.auditor
        guard let replica = reader?.replica else { return true }
        let log = try world.wait { try await replica.read { try $0.log(limit: 100_000) } }
        guard let found = log.first(where: { $0.envelope.id == id }) else { return true }
        guard found.envelope.audience == act.screen.audience else { return false }
        let deeds = (world.oracle.acts[act.change] ?? []).compactMap(\.deed.words)
        let operations = String(describing: found.change?.operations ?? [])
        return deeds.allSatisfy(operations.contains)
    }

    private func verdict(of change: ChangeID, by device: String) throws -> Verdict? {
        guard let host = world.hosts.first(where: { $0.name == device }) else { return nil }
        return try world.verdict(of: change, for: host)
    }
}

/// Which words of the server hold in the end: what it told after the moment from which it goes on is not its word
/// any more, and who lost his disk then may have lost what was on it.
private struct Bounds {
    private let lineage: EpochLineage?
    private let slip: ServerCare.Slip?

    init(_ world: World) {
        slip = world.care.slip
        lineage = world.server.service.flatMap { service in
            world.care.epoch.map { EpochLineage($0, service.epochs.map(\.record)) }
        }
    }

    func holds(_ word: Oracle.Loss.Word) -> Bool {
        guard var bound = lineage?.bound(of: word.epoch) else { return false }
        if let slip, slip.epoch == word.epoch { bound = min(bound, slip.head) }
        // What was kept back has no position, and nobody knows when that was told.
        return bound >= word.position ?? Position(UInt64.max)
    }
}

extension Oracle.Deed {
    /// What stands in its operation word for word.
    fileprivate var words: String? {
        switch self {
        case .write(_, let text), .append(let text), .decide(let text): text
        default: nil
        }
    }
}
