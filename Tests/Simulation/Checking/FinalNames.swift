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
    private var meanings: [ChangeID: ChangeID] = [:]
    private let world: World

    init(_ world: World) throws {
        self.world = world
        for host in world.hosts { try hear(host) }
        try recall()
    }

    private mutating func hear(_ host: ReplicaHost) throws {
        let replica = host.replica
        let current = try world.wait { try await replica.read { $0.identity.replica } }
        for (number, edit) in host.line.edits.sorted(by: { $0.key < $1.key }) {
            let id = world.continuations.name(of: number, at: current)
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
        let lost = world.oracle.lost.filter { ids[$0.key] == nil && world.oracle.acts[$0.key] != nil }
        // What was told for certain first: of the others it decides which one is meant.
        let order = lost.sorted {
            ($1.value.isReceived ? 1 : 0, $0.key) < ($0.value.isReceived ? 1 : 0, $1.key)
        }
        for (edit, (id, isReceived)) in order {
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
        guard let service = world.server.service,
            let host = world.hosts.first(where: { $0.name == device })
        else { return nil }
        let key = host.key.publicKey
        let entries = try world.wait {
            try await service.verdicts(of: [change], for: try await service.device(publicKey: key))
        }
        // So it calls what it never received.
        guard let verdict = entries.first?.verdict, verdict != .waiting(behind: 0) else { return nil }
        return verdict
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
