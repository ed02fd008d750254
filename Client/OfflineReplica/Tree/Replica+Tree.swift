import ChangeLog
import Cryptography
import GRDB
public import SyncProtocol
public import TransparencyLog

extension Replica {
    /// The newest signed head of the server's tree that this replica has seen; nil before the first.
    public func knownTree() async throws -> SignedTreeHead? {
        try await read { try TreeTable(db: $0.db).newest() }
    }

    /// The head of exactly this size in the epoch of this replica; nil where none was seen or it was not kept.
    public func knownTree(ofSize size: UInt64) async throws -> SignedTreeHead? {
        try await read { reader in
            let epoch = try ReplicaState.load(reader.db).epoch
            return try TreeTable(db: reader.db).head(epoch: epoch, size: size)
        }
    }

    /// What the server showed that cannot be true together with what it had shown before, oldest first.
    ///
    /// It stays: whoever was shown two pasts should know it, whatever the server shows later.
    public func treeFaults() async throws -> [TreeFault] {
        try await read { try TreeTable(db: $0.db).faults() }
    }

    /// Compares a head with the one that was known when it was asked for, and remembers it.
    ///
    /// - Parameter isLasting: a receipt is to name it.
    /// - Throws: `ReplicaError` `treeUnsigned`; `treeShorter`, `treeSplit` or `treeRewritten`, which are
    ///   remembered too; `epoch`.
    public func compare(
        _ comparison: TreeComparison, with known: SignedTreeHead?, isLasting: Bool = false
    ) async throws {
        let shown = comparison.signed
        guard identity.serverKey.verify(shown.signature, over: shown.head.message) else {
            throw ReplicaError(
                .treeUnsigned, "A tree head of \(shown.head.size) leaves is not signed by the server")
        }
        if let known, known.head.root == shown.head.root, known.head.size == shown.head.size, !isLasting {
            return
        }
        let found = environment.nowMilliseconds()
        let fault = try await write { db -> TreeFault? in
            guard try ReplicaState.load(db).epoch == shown.head.epoch else {
                throw ReplicaError(.epoch, "a tree head of epoch \(shown.head.epoch)")
            }
            let table = TreeTable(db: db)
            var fault = known.flatMap {
                TreeFault(from: $0, to: shown, path: comparison.path, found: found, hash: Self.hash)
            }
            // Another process may have seen another tree of this size meanwhile.
            let same = try table.head(epoch: shown.head.epoch, size: shown.head.size)
            if fault == nil, let same, same.head.root != shown.head.root {
                fault = TreeFault(known: same, shown: shown, found: found)
            }
            if let fault {
                try table.insert(fault)
            } else {
                try table.insert(shown, isLasting: isLasting)
            }
            return fault
        }
        if let fault { throw ReplicaError(fault) }
    }
}
