import ChangeLog
import Cryptography
import GRDB
import TransparencyLog

/// A signed head that the tree must agree with, and where it stands.
struct WitnessedHead: Hashable {
    let place: String
    let signed: SignedTreeHead
}

extension Audit {
    /// What the walk over the tree remembers.
    private struct TreeWalk {
        var frontier = TreeFrontier()
        /// What must follow the last leaf: the subtrees that it completed.
        var complete: ArraySlice<ChangeHash> = []
        /// Of the next hash.
        var ordinal: Int64 = 0
        /// The newest position that a leaf gave.
        var position: UInt64 = 0
        /// What the next leaf should say.
        var entry: Row?
        /// By size, so that each is compared when the tree has that.
        var heads: [UInt64: [WitnessedHead]] = [:]
    }

    /// The tree from its first leaf: each says what its change says, each subtree is what it consists of,
    /// and each head that was ever signed is the root of what stood there then.
    mutating func walkTree() throws {
        var walk = TreeWalk()
        let kept = try ledger.db.all("\(SignedTreeHead.selection) ORDER BY size", []).map { row in
            WitnessedHead(place: "treehead \(row[0] as Int64)", signed: try SignedTreeHead(row))
        }
        let lost = try lostSizes()
        for head in kept + witnesses {
            check(head)
            // What a restore lost cannot be compared any more; that it was restored, all are told.
            if let size = lost[head.signed.head.epoch], head.signed.head.size > size { continue }
            walk.heads[head.signed.head.size, default: []].append(head)
        }
        compareHeads(&walk)
        let entries = try Row.fetchCursor(ledger.db, sql: Self.entries)
        walk.entry = try entries.next()
        try walkRuns(&walk, entries)
        if !walk.complete.isEmpty { find("tree \(walk.ordinal)", .treeGap, "\(walk.ordinal)") }
        while let entry = walk.entry {
            find(try place(of: entry[1], entry.word(2)), .leafMissing)
            walk.entry = try entries.next()
        }
        for head in walk.heads.values.flatMap(\.self).sorted(by: { $0.place < $1.place }) {
            find(head.place, .headBeyond, "\(walk.frontier.size), \(head.signed.head.size)")
        }
        if kept.last.map({ $0.signed.head.size < walk.frontier.size }) ?? true {
            find("tree \(walk.ordinal)", .headMissing, "\(walk.frontier.size)")
        }
    }

    /// What the leaves say, in their order.
    private static let entries = """
        SELECT leaf, replica, number, hash, received, state, position FROM verdict
        UNION ALL SELECT f.leaf, f.replica, f.number, v.hash, v.received, f.state, NULL
        FROM formerleaf f LEFT JOIN verdict v ON v.replica = f.replica AND v.number = f.number
        UNION ALL SELECT leaf, replica, 0, hash, moment, 5, NULL FROM lodged
        ORDER BY 1
        """

    private mutating func walkRuns(_ walk: inout TreeWalk, _ entries: RowCursor) throws {
        let rows = try Row.fetchCursor(ledger.db, sql: "SELECT ordinal, hashes FROM tree ORDER BY ordinal")
        while let row = try rows.next() {
            if row[0] as Int64 != walk.ordinal {
                find("tree \(row[0] as Int64)", .treeGap, "\(walk.ordinal)–\((row[0] as Int64) &- 1)")
                // What follows cannot be placed any more.
                return
            }
            let bytes = try row.bytes(1)
            for start in stride(from: 0, to: bytes.count, by: 32) {
                let place = "tree \(walk.ordinal)"
                guard let hash = ChangeHash(bytes: bytes[start..<min(start + 32, bytes.count)]) else {
                    return find(place, .treeGap, "\(walk.ordinal)")
                }
                walk.ordinal += 1
                if walk.complete.isEmpty {
                    try checkLeaf(hash, at: place, &walk, entries)
                    walk.complete = walk.frontier.append(hash, hash: sha256).dropFirst()
                    compareHeads(&walk)
                } else if walk.complete.removeFirst() != hash {
                    find(place, .nodeOther)
                }
            }
        }
    }

    /// With how many leaves each earlier epoch is inherited.
    private func lostSizes() throws -> [Epoch: UInt64] {
        var sizes: [Epoch: UInt64] = [:]
        var least = UInt64.max
        for record in try ServerLedger.epochs(ledger.db).map(\.record).reversed() {
            least = min(least, record.treeSize)
            sizes[record.parent] = least
        }
        return sizes
    }

    /// The signature and the lineage of a head.
    private mutating func check(_ head: WitnessedHead) {
        let signed = head.signed
        if lineage.bound(of: signed.head.epoch) == nil
            || !serverKey.verify(signed.signature, over: signed.head.message)
        {
            find(head.place, .headUnsigned)
        }
    }

    /// The heads of just this size, which are done with then.
    private mutating func compareHeads(_ walk: inout TreeWalk) {
        guard let heads = walk.heads.removeValue(forKey: walk.frontier.size) else { return }
        let root = walk.frontier.root(hash: sha256)
        for head in heads where head.signed.head.root != root { find(head.place, .headOther) }
    }

    private mutating func checkLeaf(
        _ stored: ChangeHash, at place: String, _ walk: inout TreeWalk, _ entries: RowCursor
    ) throws {
        let index = walk.frontier.size.pattern
        // Two that claim one leaf, or one before the first.
        while let entry = walk.entry, (entry[0] as Int64) < index {
            find(try self.place(of: entry[1], entry.word(2)), .leafMissing)
            walk.entry = try entries.next()
        }
        guard let entry = walk.entry, entry[0] as Int64 == index else { return find(place, .leafUnknown) }
        let verdict = LoggedVerdict(rawValue: UInt8(clamping: entry[5] as Int64))
        let change = entry.optionalBytes(3).flatMap { ChangeHash(bytes: $0) }
        let received = entry[4] as Int64?
        let position = (entry[6] as Int64?).map { Position(UInt64(bitPattern: $0)) }
        walk.entry = try entries.next()
        guard let verdict, let change, let received else { return find(place, .leafUnknown) }
        let leaf = ReceiptLeaf(
            received: received, change: change, verdict: verdict, position: position)
        if leaf.hash(sha256) != stored { find(place, .leafOther) }
        // Positions are given in the order of the leaves that say so.
        guard let position else { return }
        // What was tampered with may say any number.
        let next = walk.position &+ 1
        if position.value != next { find(place, .leafOrder, "\(next)") }
        walk.position = position.value
    }
}
