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
        /// What the rows after the last leaf must hold: the subtrees that it completed.
        var complete: ArraySlice<ChangeHash> = []
        /// Of the next row.
        var ordinal: Int64 = 0
        /// The newest position that a leaf gave.
        var position: UInt64 = 0
        /// How many verdicts have their newest leaf where they say.
        var matched = 0
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
        for head in kept + witnesses {
            check(head)
            walk.heads[head.signed.head.size, default: []].append(head)
        }
        compareHeads(&walk)
        let rows = try Row.fetchCursor(ledger.db, sql: Self.tree)
        while let row = try rows.next() {
            let place = "tree \(row[0] as Int64)"
            if row[0] as Int64 != walk.ordinal {
                find(place, .treeGap, "\(walk.ordinal)–\(row[0] as Int64 - 1)")
                // What follows cannot be placed any more.
                break
            }
            walk.ordinal += 1
            if walk.complete.isEmpty {
                try checkLeaf(row, at: place, &walk)
                let complete = walk.frontier.append(try row.hash(1), hash: sha256)
                walk.complete = complete.dropFirst()
                compareHeads(&walk)
            } else {
                let expected = walk.complete.removeFirst()
                if try row.hash(1) != expected || !row.hasNull(atIndex: 2) { find(place, .nodeOther) }
            }
        }
        if !walk.complete.isEmpty { find("tree \(walk.ordinal)", .treeGap, "\(walk.ordinal)") }
        for head in walk.heads.values.flatMap(\.self).sorted(by: { $0.place < $1.place }) {
            find(head.place, .headBeyond, "\(walk.frontier.size), \(head.signed.head.size)")
        }
        if kept.last.map({ $0.signed.head.size < walk.frontier.size }) ?? true {
            find("tree \(walk.ordinal)", .headMissing, "\(walk.frontier.size)")
        }
        try checkCoverage(walk)
    }

    private static let tree = """
        SELECT t.ordinal, t.hash, t.replica, t.number, t.state, t.position, v.hash, v.received, v.state,
        v.position, v.leaf FROM tree t LEFT JOIN verdict v ON v.replica = t.replica AND v.number = t.number
        ORDER BY t.ordinal
        """

    /// The signature and the lineage of a head.
    private mutating func check(_ head: WitnessedHead) {
        let signed = head.signed
        if signed.head.epoch != ledger.epoch
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

    private mutating func checkLeaf(_ row: Row, at place: String, _ walk: inout TreeWalk) throws {
        let index = walk.frontier.size
        guard let verdict = (row[4] as Int64?).flatMap({ LoggedVerdict(rawValue: UInt8(clamping: $0)) }),
            let hash = row.optionalBytes(6).flatMap({ ChangeHash(bytes: $0) }),
            let received = row[7] as Int64?, let newest = row[10] as Int64?
        else { return find(place, .leafUnknown) }
        let position = (row[5] as Int64?).map { Position(UInt64(bitPattern: $0)) }
        let leaf = ReceiptLeaf(received: received, change: hash, verdict: verdict, position: position)
        if try leaf.hash(sha256) != row.hash(1) { find(place, .leafOther) }
        // Positions are given in the order of the leaves that say so.
        if let position {
            if position.value != walk.position + 1 { find(place, .leafOrder, "\(walk.position + 1)") }
            walk.position = position.value
        }
        guard newest == index.pattern else { return }
        if row[4] as Int64? == row[8] as Int64?, row[5] as Int64? == row[9] as Int64? {
            walk.matched += 1
        } else {
            find(place, .leafVerdict)
        }
    }

    /// Each verdict has its leaf; which of them has not is looked for only where one is missing.
    private mutating func checkCoverage(_ walk: TreeWalk) throws {
        let count = try ledger.db.one("SELECT count(*) FROM verdict", [])?[0] as Int? ?? 0
        guard walk.matched < count else { return }
        let rows = try Row.fetchCursor(ledger.db, sql: "SELECT replica, number, leaf FROM verdict")
        while let row = try rows.next() {
            var isThere = false
            if (0..<walk.frontier.size.pattern).contains(row[2] as Int64) {
                let leaf = try ledger.db.one(
                    "SELECT replica, number FROM tree WHERE ordinal = ?",
                    [TreeNode(level: 0, index: row.word(2)).ordinal.pattern])
                isThere = leaf?[0] as Int64? == row[0] && leaf?[1] as Int64? == row[1]
            }
            if !isThere { find(try place(of: row[0], row.word(1)), .leafMissing) }
        }
    }
}
