import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol
import Testing
import TransparencyLog

/// What a replica makes of the tree heads that the server shows: P-084, P-085.
@Suite struct TreeComparisonTests {
    /// A tree of a server whose leaves a test chooses.
    private struct Tree {
        let key: PrivateKey
        var frontier = TreeFrontier()
        var nodes: [ChangeHash] = []

        init(_ leaves: [UInt8], key: PrivateKey) {
            self.key = key
            for leaf in leaves {
                nodes += frontier.append(OrderingServer.hash([leaf]), hash: OrderingServer.hash)
            }
        }

        /// The head after all leaves, with the proof from an earlier size.
        func comparison(from known: UInt64, at milliseconds: Int64 = 1000) throws -> TreeComparison {
            let head = TreeHead(
                epoch: Epoch(7), size: frontier.size, root: frontier.root(hash: OrderingServer.hash),
                milliseconds: milliseconds)
            let proof = ConsistencyProof(from: known, to: frontier.size, hash: OrderingServer.hash) {
                nodes[Int($0.ordinal)]
            }
            return TreeComparison(
                signed: SignedTreeHead(head: head, signature: try key.sign(head.message)),
                path: proof?.path ?? [])
        }
    }

    private func show(_ comparison: TreeComparison, to replica: Replica) async throws {
        try await replica.compare(comparison, with: try await replica.knownTree())
    }

    @Test func aHeadThatGoesOnIsRemembered() async throws {
        let bench = try Bench()
        let replica = try bench.replica("a")
        #expect(try await replica.knownTree() == nil)
        for (size, known) in zip([1, 3, 3, 8], [0, 1, 3, 3] as [UInt64]) {
            let tree = Tree(Array(0..<UInt8(size)), key: bench.server.key)
            try await show(try tree.comparison(from: known), to: replica)
            #expect(try await bench.open("a").knownTree()?.head.size == UInt64(size))
        }
        #expect(try await replica.treeFaults().isEmpty)
    }

    @Test(arguments: [
        ([0, 1, 2] as [UInt8], ReplicaError.Code.treeShorter), ([0, 1, 2, 3, 9], .treeSplit),
        ([0, 1, 9, 3, 4, 5, 6], .treeRewritten),
    ])
    func anotherPastIsToldAndKeptAndTheKnownHeadStays(
        _ leaves: [UInt8], _ code: ReplicaError.Code
    ) async throws {
        let bench = try Bench()
        let replica = try bench.replica("a")
        let good = Tree(Array(0..<5), key: bench.server.key)
        try await show(try good.comparison(from: 0), to: replica)
        let other = try Tree(leaves, key: bench.server.key).comparison(from: 5)
        // Again and again: the evidence is one.
        for _ in 0..<2 {
            await #expect(throws: ReplicaError(code, "")) { try await show(other, to: replica) }
        }
        let opened = try bench.open("a")
        let faults = try await opened.treeFaults()
        #expect(faults.map(\.code) == [code])
        #expect(faults.first?.shown == other.signed && faults.first?.known.head.size == 5)
        #expect(try await opened.knownTree()?.head.size == 5)
        // The right past is taken again, and what was seen is not forgotten.
        let later = Tree(Array(0..<9), key: bench.server.key)
        try await show(try later.comparison(from: 5), to: opened)
        #expect(try await opened.knownTree()?.head.size == 9)
        #expect(try await opened.treeFaults() == faults)
    }

    @Test func aHeadOfSomebodyElseIsNoEvidence() async throws {
        let bench = try Bench()
        let replica = try bench.replica("a")
        let tree = Tree([1, 2, 3], key: try PrivateKey.generate())
        await #expect(throws: ReplicaError(.treeUnsigned, "")) {
            try await show(try tree.comparison(from: 0), to: replica)
        }
        #expect(try await replica.knownTree() == nil)
        #expect(try await replica.treeFaults().isEmpty)
    }

    /// Two processes compare at once: the second finds what the first has remembered.
    @Test func aSplitViewBetweenTwoProcessesIsFound() async throws {
        let bench = try Bench()
        let replica = try bench.replica("a")
        try await show(try Tree([1], key: bench.server.key).comparison(from: 0), to: replica)
        let known = try await replica.knownTree()
        try await replica.compare(
            try Tree([1, 2], key: bench.server.key).comparison(from: 1), with: known)
        await #expect(throws: ReplicaError(.treeSplit, "")) {
            try await replica.compare(
                try Tree([1, 3], key: bench.server.key).comparison(from: 1), with: known)
        }
    }

    /// One head of an hour is enough but for the newest, and what a receipt names is kept.
    @Test func oldHeadsAreThinnedOut() async throws {
        let bench = try Bench()
        let replica = try bench.replica("a")
        for size in 1...45 {
            let tree = Tree(Array(0..<UInt8(size)), key: bench.server.key)
            try await replica.compare(
                try tree.comparison(from: UInt64(size - 1), at: size < 6 ? Int64(size) : 3_600_000),
                with: try await replica.knownTree(), isLasting: size == 2)
        }
        var kept: [UInt64] = []
        for size in 1...45 where try await replica.knownTree(ofSize: UInt64(size)) != nil {
            kept.append(UInt64(size))
        }
        #expect(kept == [2, 5] + Array(14...45))
    }
}
