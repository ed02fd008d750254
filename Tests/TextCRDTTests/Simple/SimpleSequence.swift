/// Every scalar that was ever inserted, in document order, those that were deleted included.
///
/// Each scalar carries its state in one version, the *prepared* one, which the replay moves about. Scalars
/// are named by the order in which they came in; `edge` names the start and the end of the document. The
/// order is kept in blocks that count what is present in them, and rows of blocks that do so too, so that an
/// index is found without passing every scalar, however many were deleted.
struct SimpleSequence: Sendable {
    struct Node: Sendable {
        let scalar: Unicode.Scalar
        /// The event that inserted it.
        let event: Int
        /// The scalar that stood before it in the version it was inserted into.
        let left: Int
        /// The scalar that stood after it there, deleted ones counted.
        let right: Int
        /// In the prepared version: 0 not inserted yet, 1 present, n + 1 deleted by n events.
        fileprivate(set) var state = 1

        var isPresent: Bool { state == 1 }
        var isInserted: Bool { state > 0 }
    }

    /// A place between two scalars.
    struct Place {
        /// Index in the order of the blocks.
        fileprivate(set) var block: Int
        /// Number of the block's scalars that are before it.
        fileprivate(set) var offset: Int
    }

    private struct Block: Sendable {
        var members: [Int]
        var present: Int
    }

    /// The name of the start, as a left neighbour, and of the end, as a right one.
    static let edge = -1
    /// Most scalars in one block; near the square root of a long text.
    private static let blockLimit = 128
    /// Neighbouring blocks in one row.
    private static let rowLimit = 128

    private(set) var nodes: [Node] = []
    /// Number of scalars present in the prepared version.
    private(set) var length = 0
    /// Blocks by number; numbers stay when blocks are split.
    private var blocks = [Block(members: [], present: 0)]
    /// Numbers of the blocks in document order.
    private var order = [0]
    /// For each scalar the number of its block.
    private var home: [Int] = []
    /// For each row of the order, how many scalars are present in it.
    private var rows = [0]
    /// For each block, by number, its row.
    private var rowOfBlock = [0]

    /// The place right after the first `count` present scalars; `count` is at most `length`.
    func place(after count: Int) -> Place {
        var remaining = count
        guard remaining > 0 else { return Place(block: 0, offset: 0) }
        let row = rows.firstIndex { present in
            if present >= remaining { return true }
            remaining -= present
            return false
        }
        for index in (row ?? 0) * Self.rowLimit..<order.count {
            let number = order[index]
            if blocks[number].present < remaining {
                remaining -= blocks[number].present
                continue
            }
            for (offset, member) in blocks[number].members.enumerated() where nodes[member].isPresent {
                remaining -= 1
                if remaining == 0 { return Place(block: index, offset: offset + 1) }
            }
        }
        preconditionFailure("the caller checked the index against the length")
    }

    /// The scalar before the place, in its own block; none is there at the start of the document only,
    /// as long as the place was found by counting.
    func node(before place: Place) -> Int {
        place.offset > 0 ? blocks[order[place.block]].members[place.offset - 1] : Self.edge
    }

    /// Passes the next scalar and returns it, or nil at the end.
    func next(_ place: inout Place) -> Int? {
        while place.block < order.count {
            let members = blocks[order[place.block]].members
            if place.offset < members.count {
                place.offset += 1
                return members[place.offset - 1]
            }
            guard place.block + 1 < order.count else { return nil }
            place = Place(block: place.block + 1, offset: 0)
        }
        return nil
    }

    /// Passes scalars up to the next one that is present and returns it, or nil at the end.
    func nextPresent(_ place: inout Place) -> Int? {
        while place.block < order.count {
            let row = place.block / Self.rowLimit
            if place.offset == 0, place.block % Self.rowLimit == 0, rows[row] == 0 {
                place.block += Self.rowLimit
                continue
            }
            let number = order[place.block]
            if blocks[number].present > 0 {
                while place.offset < blocks[number].members.count {
                    let node = blocks[number].members[place.offset]
                    place.offset += 1
                    if nodes[node].isPresent { return node }
                }
            }
            place = Place(block: place.block + 1, offset: 0)
        }
        return nil
    }

    /// Inserts a run of present scalars: the first between `left` and `right`, each other after the one
    /// before it. Returns their names.
    mutating func insert(
        _ scalars: String.UnicodeScalarView, by event: Int, left: Int, right: Int, at place: Place
    ) -> Range<Int> {
        let first = nodes.count
        let number = order[place.block]
        for scalar in scalars {
            let before = nodes.count == first ? left : nodes.count - 1
            nodes.append(Node(scalar: scalar, event: event, left: before, right: right))
            home.append(number)
        }
        let run = first..<nodes.count
        length += run.count
        blocks[number].members.insert(contentsOf: run, at: place.offset)
        blocks[number].present += run.count
        rows[rowOfBlock[number]] += run.count
        if blocks[number].members.count > Self.blockLimit { split(place.block) }
        return run
    }

    /// Adds to the state of one scalar.
    mutating func change(_ node: Int, by step: Int) {
        let wasPresent = nodes[node].isPresent
        nodes[node].state += step
        precondition(nodes[node].state >= 0, "nobody retreats what was not advanced")
        guard wasPresent != nodes[node].isPresent else { return }
        let difference = wasPresent ? -1 : 1
        blocks[home[node]].present += difference
        rows[rowOfBlock[home[node]]] += difference
        length += difference
    }

    /// All scalars in document order.
    func inOrder() -> [Int] {
        order.flatMap { blocks[$0].members }
    }

    /// Divides a block that has grown too large into half-full ones.
    private mutating func split(_ index: Int) {
        let number = order[index]
        let members = blocks[number].members
        let size = Self.blockLimit / 2
        var fresh: [Int] = []
        for start in stride(from: size, to: members.count, by: size) {
            let part = Array(members[start..<min(start + size, members.count)])
            for member in part { home[member] = blocks.count }
            fresh.append(blocks.count)
            blocks.append(Block(members: part, present: part.count { nodes[$0].isPresent }))
        }
        let rest = Array(members[..<size])
        blocks[number] = Block(members: rest, present: rest.count { nodes[$0].isPresent })
        order.insert(contentsOf: fresh, at: index + 1)
        countRows()
    }

    private mutating func countRows() {
        rows = Array(repeating: 0, count: (order.count + Self.rowLimit - 1) / Self.rowLimit)
        rowOfBlock = Array(repeating: 0, count: blocks.count)
        for (index, number) in order.enumerated() {
            rowOfBlock[number] = index / Self.rowLimit
            rows[index / Self.rowLimit] += blocks[number].present
        }
    }
}
