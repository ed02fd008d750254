import ChangeLog
import Cryptography
import GRDB
import TransparencyLog

// The tree stands in its table as its complete subtrees, in the order in which they were completed: rows
// are only ever appended. A head and a proof read some two of them for each level.

extension ServerLedger {
    /// The number of leaves, those of this transaction included.
    func treeSize() throws -> UInt64 { try writtenTreeSize() + UInt64(tree.leaves.count) }

    private func writtenTreeSize() throws -> UInt64 {
        if let size = tree.size { return size }
        let row = try db.one("SELECT max(ordinal) FROM tree", [])
        let count = UInt64((row?[0] as Int64?).map { $0 + 1 } ?? 0)
        guard let size = TreeNode.size(ofCount: count) else {
            throw ServerError(
                .damaged, "The tree of receipts ends inside a node, at row \(count)",
                remedy: "Restore the data from a backup")
        }
        tree.size = size
        return size
    }

    /// The hash of a complete subtree.
    func treeHash(_ node: TreeNode) throws -> ChangeHash {
        let row = try db.one("SELECT hash FROM tree WHERE ordinal = ?", [node.ordinal.pattern])
        guard let row else {
            throw ServerError(
                .damaged, "Row \(node.ordinal) of the tree of receipts is missing",
                remedy: "Restore the data from a backup")
        }
        return try row.hash(0)
    }

    /// Writes the leaves of this transaction, and a signed head over them: nothing was ever acknowledged
    /// that no head covers.
    ///
    /// - Parameter now: milliseconds since 1970 UTC.
    func writeTree(signedBy key: PrivateKey, at now: Int64) throws {
        guard !tree.leaves.isEmpty else { return }
        let size = try writtenTreeSize()
        var frontier = try TreeFrontier(size: size, node: treeHash)
        var ordinal = TreeNode.count(ofTree: size).pattern
        for logged in tree.leaves {
            let complete = frontier.append(logged.leaf.hash(sha256), hash: sha256)
            try db.run(
                "INSERT INTO tree VALUES (?, ?, ?, ?, ?, ?)",
                [
                    ordinal, complete[0].bytes.blob, logged.replica, logged.number.pattern,
                    Int64(logged.leaf.verdict.rawValue), logged.leaf.position?.value.pattern,
                ])
            for (level, hash) in complete.enumerated().dropFirst() {
                try db.run(
                    "INSERT INTO tree (ordinal, hash) VALUES (?, ?)",
                    [ordinal + Int64(level), hash.bytes.blob])
            }
            ordinal += Int64(complete.count)
        }
        let head = TreeHead(
            epoch: epoch, size: frontier.size, root: frontier.root(hash: sha256), milliseconds: now)
        try keep(SignedTreeHead(head: head, signature: key.sign(head.message)))
    }

    /// The newest of each hour is kept for good: enough to tell later what the tree once was.
    private func keep(_ signed: SignedTreeHead) throws {
        let head = signed.head
        if let last = try newestTreeHead()?.head, Self.hour(last) == Self.hour(head) {
            try db.run("DELETE FROM treehead WHERE size = ?", [last.size.pattern])
        }
        try db.run(
            "INSERT INTO treehead VALUES (?, ?, ?, ?, ?)",
            [
                head.size.pattern, head.epoch.value.pattern, head.root.bytes.blob, head.milliseconds,
                signed.signature.blob,
            ])
    }

    private static func hour(_ head: TreeHead) -> Int64 { head.milliseconds / 3_600_000 }

    /// nil before the first commit.
    func newestTreeHead() throws -> SignedTreeHead? {
        try db.one("\(SignedTreeHead.selection) ORDER BY size DESC LIMIT 1", []).map(SignedTreeHead.init)
    }
}

extension SignedTreeHead {
    static let selection = "SELECT size, epoch, root, time, signature FROM treehead"

    init(_ row: Row) throws {
        self.init(
            head: TreeHead(
                epoch: Epoch(row.word(1)), size: row.word(0), root: try row.hash(2), milliseconds: row[3]),
            signature: try row.bytes(4))
    }
}
