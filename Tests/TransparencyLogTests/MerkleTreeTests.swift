import ChangeLog
import Testing

@testable import TransparencyLog

/// Heads and proofs of every size up to 200 beside the recursive definitions.
@Suite struct MerkleTreeTests {
    private static let limit = 200
    private let hash = NaiveTree.hash
    private let naive = NaiveTree(size: limit)
    /// The complete subtrees in the order in which they are completed, as a store keeps them.
    private let nodes: [ChangeHash]
    /// The root of each size.
    private let roots: [ChangeHash]

    init() {
        var frontier = TreeFrontier()
        var (nodes, roots) = ([ChangeHash](), [frontier.root(hash: NaiveTree.hash)])
        for leaf in naive.leaves {
            nodes += frontier.append(leaf, hash: NaiveTree.hash)
            roots.append(frontier.root(hash: NaiveTree.hash))
        }
        (self.nodes, self.roots) = (nodes, roots)
    }

    private func node(_ place: TreeNode) -> ChangeHash { nodes[Int(place.ordinal)] }

    @Test func headsAreThoseOfTheDefinition() {
        for size in 0...Self.limit {
            #expect(roots[size] == naive.root(0..<size), "\(size)")
            let frontier = TreeFrontier(size: UInt64(size), node: node)
            #expect(frontier.root(hash: hash) == roots[size], "taken up at \(size)")
        }
    }

    @Test func aFrontierThatIsTakenUpGoesOnAlike() {
        for size in 0..<Self.limit {
            var frontier = TreeFrontier(size: UInt64(size), node: node)
            let complete = frontier.append(naive.leaves[size], hash: hash)
            let first = Int(TreeNode.count(ofTree: UInt64(size)))
            #expect(complete == Array(nodes[first..<first + complete.count]), "\(size)")
            #expect(frontier.root(hash: hash) == roots[size + 1], "\(size)")
        }
    }

    @Test func ordinalsCountWhatIsComplete() {
        var expected: [TreeNode] = []
        for size in 1...UInt64(Self.limit) {
            for level in 0..<8 where size % (1 << UInt64(level)) == 0 {
                expected.append(TreeNode(level: level, index: (size >> UInt64(level)) - 1))
            }
            #expect(TreeNode.count(ofTree: size) == UInt64(expected.count), "\(size)")
        }
        #expect(expected.map(\.ordinal) == (0..<UInt64(expected.count)).map { $0 })
    }

    // P-081
    @Test func inclusionProofsAreThoseOfTheDefinition() throws {
        for size in 1...Self.limit {
            for index in 0..<size {
                let proof = try #require(
                    InclusionProof(of: UInt64(index), in: UInt64(size), hash: hash, node: node))
                // The definition is cubic; every seventh size keeps it affordable.
                if size % 7 == 0 || size < 20 {
                    #expect(proof.path == naive.path(index, 0..<size), "\(index) of \(size)")
                }
                #expect(
                    proof.proves(naive.leaves[index], under: roots[size], hash: hash), "\(index) of \(size)")
            }
            #expect(InclusionProof(of: UInt64(size), in: UInt64(size), hash: hash, node: node) == nil)
        }
    }

    // P-082
    @Test func consistencyProofsAreThoseOfTheDefinition() throws {
        for second in 0...Self.limit {
            for first in 0...second {
                let proof = try #require(
                    ConsistencyProof(from: UInt64(first), to: UInt64(second), hash: hash, node: node))
                if first > 0, second % 7 == 0 || second < 20 {
                    #expect(
                        proof.path == naive.subproof(first, 0..<second, isWhole: true),
                        "\(first) in \(second)")
                }
                #expect(proof.proves(roots[first], in: roots[second], hash: hash), "\(first) in \(second)")
            }
        }
        #expect(ConsistencyProof(from: 3, to: 2, hash: hash, node: node) == nil)
    }

    /// No leaf can be proved where another stands, and no earlier root where another was.
    @Test func otherLeavesAndOtherPastsAreNotProved() throws {
        let other = hash([0xff])
        for size in 1...40 {
            for index in 0..<size {
                let proof = try #require(
                    InclusionProof(of: UInt64(index), in: UInt64(size), hash: hash, node: node))
                #expect(!proof.proves(other, under: roots[size], hash: hash))
                #expect(!proof.proves(naive.leaves[index], under: roots[size - 1], hash: hash))
                for place in 0..<size where place != index {
                    let moved = InclusionProof(index: UInt64(place), size: proof.size, path: proof.path)
                    #expect(
                        !moved.proves(naive.leaves[index], under: roots[size], hash: hash),
                        "\(index) at \(place) of \(size)")
                }
            }
            for first in 1..<max(size, 2) where first < size {
                let proof = try #require(
                    ConsistencyProof(from: UInt64(first), to: UInt64(size), hash: hash, node: node))
                #expect(!proof.proves(other, in: roots[size], hash: hash), "\(first) in \(size)")
                #expect(!proof.proves(roots[first], in: other, hash: hash), "\(first) in \(size)")
                #expect(!proof.proves(roots[first - 1], in: roots[size], hash: hash), "\(first) in \(size)")
            }
        }
    }

    /// A tree of which one leaf was exchanged has no proof from any head that covers the leaf.
    @Test func aRewrittenPastIsNotConsistent() throws {
        for size in 2...33 {
            for changed in 0..<size {
                var frontier = TreeFrontier()
                var rewritten: [ChangeHash] = []
                for index in 0..<size {
                    let leaf = index == changed ? hash([0xee]) : naive.leaves[index]
                    rewritten += frontier.append(leaf, hash: hash)
                }
                for first in 1...size {
                    let proof = try #require(
                        ConsistencyProof(from: UInt64(first), to: UInt64(size), hash: hash) {
                            rewritten[Int($0.ordinal)]
                        })
                    let holds = proof.proves(roots[first], in: frontier.root(hash: hash), hash: hash)
                    #expect(holds == (first <= changed), "\(first) in \(size), leaf \(changed) exchanged")
                }
            }
        }
    }

    /// Whatever somebody sends as a proof is answered; sizes at the edge of 64 bits included.
    @Test func hostileProofsAreAnswered() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        let numbers: [UInt64] = [0, 1, 2, 3, 7, 8, 1 << 62, 1 << 63, .max - 1, .max]
        for _ in 0..<20_000 {
            func number() -> UInt64 {
                Bool.random(using: &random)
                    ? numbers.randomElement(using: &random) ?? 0 : UInt64.random(in: 0...200, using: &random)
            }
            let path = (0..<Int.random(in: 0...70, using: &random)).map { _ in
                nodes.randomElement(using: &random) ?? .zero
            }
            let (a, b, root) = (number(), number(), roots.randomElement(using: &random) ?? .zero)
            let leaf = naive.leaves.randomElement(using: &random) ?? .zero
            #expect(
                !InclusionProof(index: a, size: b, path: path).proves(leaf, under: root, hash: hash)
                    || (b == 1 && leaf == root), "seed \(seed)")
            let old = roots[Int.random(in: 1...Self.limit, using: &random)]
            #expect(
                !ConsistencyProof(first: a, second: b, path: path).proves(old, in: root, hash: hash)
                    || a == 0 || (a == b && old == root), "seed \(seed)")
        }
    }

    /// The bytes of an entry and of a head, as the document gives them.
    @Test func leavesAndHeadsHaveTheirBytes() {
        let leaf = ReceiptLeaf(received: 258, change: hash([]), verdict: .accepted, position: Position(7))
        #expect(leaf.bytes.count == 50)
        #expect(leaf.bytes.prefix(9) == [1, 0, 0, 0, 0, 0, 0, 1, 2])
        #expect(leaf.bytes.suffix(9) == [1, 0, 0, 0, 0, 0, 0, 0, 7])
        #expect(leaf.hash(hash) == hash([0] + leaf.bytes))
        let refused = ReceiptLeaf(received: -1, change: hash([]), verdict: .refused, position: nil)
        #expect(refused.bytes.suffix(9) == [4, 0, 0, 0, 0, 0, 0, 0, 0])
        let head = TreeHead(epoch: Epoch(1), size: 2, root: hash([]), milliseconds: 3)
        #expect(head.message.count == 23 + 56)
    }
}
