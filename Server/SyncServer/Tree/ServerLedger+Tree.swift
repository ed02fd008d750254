import ChangeLog
import Cryptography
import GRDB
import TransparencyLog

// The tree stands in its table as the hashes of its complete subtrees, in the order in which they were
// completed: a row is a run of them, and is only ever appended. A head and a proof read some two rows for
// each level. What a leaf says stands with the verdict, or with the former one that it was.

extension ServerLedger {
    /// Where a run ends, bytes: a commit of many changes costs few rows, and a row fits a page.
    private static let runBytes = 2048
    private static let hashBytes = 32

    /// The number of leaves, those of this transaction included.
    func treeSize() throws -> UInt64 { try writtenTreeSize() + UInt64(tree.leaves.count) }

    private func writtenTreeSize() throws -> UInt64 {
        if let size = tree.size { return size }
        let row = try db.one(
            "SELECT ordinal, length(hashes) FROM tree ORDER BY ordinal DESC LIMIT 1", [])
        let count = row.map { $0.word(0) + $0.word(1) / UInt64(Self.hashBytes) } ?? 0
        guard let size = TreeNode.size(ofCount: count) else {
            throw ServerError(
                .damaged, "The tree of receipts ends inside a subtree, at hash \(count)",
                remedy: "Restore the data from a backup")
        }
        tree.size = size
        return size
    }

    /// The hash of a complete subtree.
    func treeHash(_ node: TreeNode) throws -> ChangeHash {
        let ordinal = node.ordinal.pattern
        let row = try db.one(
            "SELECT ordinal, hashes FROM tree WHERE ordinal <= ? ORDER BY ordinal DESC LIMIT 1", [ordinal])
        if let row {
            let (bytes, start) = (try row.bytes(1), Int(ordinal - (row[0] as Int64)) * Self.hashBytes)
            if start + Self.hashBytes <= bytes.count,
                let hash = ChangeHash(bytes: bytes[start..<start + Self.hashBytes])
            {
                return hash
            }
        }
        throw ServerError(
            .damaged, "Hash \(ordinal) of the tree of receipts is missing",
            remedy: "Restore the data from a backup")
    }

    /// Writes the leaves of this transaction, and a signed head over them: nothing was ever acknowledged
    /// that no head covers.
    ///
    /// - Parameter now: milliseconds since 1970 UTC.
    func writeTree(signedBy key: PrivateKey, at now: Int64) throws {
        guard !tree.leaves.isEmpty else { return }
        let size = try writtenTreeSize()
        var frontier = try TreeFrontier(size: size, node: treeHash)
        var first = TreeNode.count(ofTree: size).pattern
        var run: [UInt8] = []
        for (index, leaf) in tree.leaves.enumerated() {
            for hash in frontier.append(leaf.hash(sha256), hash: sha256) { run += hash.bytes }
            guard run.count >= Self.runBytes || index == tree.leaves.count - 1 else { continue }
            try db.run("INSERT INTO tree VALUES (?, ?)", [first, run.blob])
            first += Int64(run.count / Self.hashBytes)
            run.removeAll(keepingCapacity: true)
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
