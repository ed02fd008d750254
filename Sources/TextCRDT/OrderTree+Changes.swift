extension OrderTree {
    /// Inserts the next scalars by name, in one state.
    mutating func insert(_ count: Int, at place: Place, state: UInt32) {
        let scalar = UInt32(home.count)
        var place = place
        let index = place.leaf * Self.leafCapacity + place.slot
        if place.offset > 0, place.offset == Int(runs[index].count),
            runs[index].scalar + runs[index].count == scalar, runs[index].state == state
        {
            runs[index].count += UInt32(count)
        } else {
            if place.offset > 0, place.offset < Int(runs[index].count) { place = divide(place) }
            // At the end of a run is before the next slot.
            if place.offset > 0 {
                place.slot += 1
                place.offset = 0
            }
            place = makeRoom(place)
            runs[place.leaf * Self.leafCapacity + place.slot] = Run(
                scalar: scalar, count: UInt32(count), state: state)
        }
        home.append(contentsOf: repeatElement(UInt32(place.leaf), count: count))
        if state == 1 { add(count, at: place.leaf) }
    }

    /// Adds to the state of scalars.
    mutating func change(_ scalars: Range<Int>, by step: Int) {
        var scalar = scalars.lowerBound
        while scalar < scalars.upperBound {
            let place = place(of: UInt32(scalar))
            scalar += changeRun(at: place, atMost: scalars.upperBound - scalar, by: step)
        }
    }

    /// Adds to the state of scalars of one run, from a place before one of them on, and returns how many they
    /// were.
    mutating func changeRun(at place: Place, atMost limit: Int, by step: Int) -> Int {
        var place = place
        if place.offset > 0 {
            place = divide(place)
            place = Place(leaf: place.leaf, slot: place.slot + 1, offset: 0)
        }
        var index = place.leaf * Self.leafCapacity + place.slot
        if Int(runs[index].count) > limit {
            place = divide(Place(leaf: place.leaf, slot: place.slot, offset: limit))
            index = place.leaf * Self.leafCapacity + place.slot
        }
        let before = runs[index].present
        let state = Int(runs[index].state) + step
        precondition(state >= 0, "nobody retreats what was not advanced")
        runs[index].state = UInt32(state)
        let difference = runs[index].present - before
        if difference != 0 { add(difference, at: place.leaf) }
        let count = Int(runs[index].count)
        join(place.slot, of: place.leaf)
        if place.slot > 0 { join(place.slot - 1, of: place.leaf) }
        return count
    }

    /// Joins a run with the next one of its leaf if that goes on with it.
    private mutating func join(_ slot: Int, of leaf: Int) {
        let count = leaves[leaf].count
        guard slot + 1 < count else { return }
        let index = leaf * Self.leafCapacity + slot
        guard runs[index].state == runs[index + 1].state,
            runs[index].scalar + runs[index].count == runs[index + 1].scalar
        else { return }
        runs[index].count += runs[index + 1].count
        for next in slot + 1..<count - 1 {
            runs[leaf * Self.leafCapacity + next] = runs[leaf * Self.leafCapacity + next + 1]
        }
        leaves[leaf].count = count - 1
    }

    /// Divides a run, and returns the place at the end of its first part.
    private mutating func divide(_ place: Place) -> Place {
        var place = makeRoom(Place(leaf: place.leaf, slot: place.slot + 1, offset: 0), beside: place.offset)
        // The run stands right before the new slot, which may be the first of its leaf no more.
        precondition(place.slot > 0, "a leaf is divided elsewhere than where room is made")
        place.slot -= 1
        let index = place.leaf * Self.leafCapacity + place.slot
        let run = runs[index]
        runs[index].count = UInt32(place.offset)
        runs[index + 1] = Run(
            scalar: run.scalar + UInt32(place.offset), count: run.count - UInt32(place.offset),
            state: run.state)
        return place
    }

    /// Moves the runs from a slot on one to the right, in a leaf that has room, and returns the slot.
    ///
    /// `offset` is handed through.
    private mutating func makeRoom(_ place: Place, beside offset: Int = 0) -> Place {
        var place = place
        if leaves[place.leaf].count == Self.leafCapacity { place = split(place) }
        let base = place.leaf * Self.leafCapacity
        let count = leaves[place.leaf].count
        runs.withUnsafeMutableBufferPointer { runs in
            var index = base + count
            while index > base + place.slot {
                runs[index] = runs[index - 1]
                index -= 1
            }
        }
        leaves[place.leaf].count += 1
        place.offset = offset
        return place
    }

    /// Divides a full leaf, and returns where a place in it, before some slot, is then: never before the
    /// first slot of a leaf, unless it was so.
    ///
    /// The part with fewer scalars gets a new number, so that no scalar moves more often than the logarithm
    /// of their count.
    private mutating func split(_ place: Place) -> Place {
        let (old, fresh) = (place.leaf, makeLeaf())
        let base = old * Self.leafCapacity
        let (half, count) = (Self.leafCapacity / 2, leaves[old].count)
        let (low, high) = (scalars(base..<base + half), scalars(base + half..<base + count))
        let movesHigh = high <= low
        let moved = movesHigh ? base + half..<base + count : base..<base + half
        for (offset, index) in moved.enumerated() {
            let run = runs[index]
            runs[fresh * Self.leafCapacity + offset] = run
            let start = Int(run.scalar)
            for scalar in start..<start + Int(run.count) { home[scalar] = UInt32(fresh) }
        }
        leaves[fresh].count = moved.count
        leaves[old].count = count - moved.count
        if movesHigh {
            leaves[fresh].next = leaves[old].next
            leaves[old].next = fresh
        } else {
            for index in 0..<count - half { runs[base + index] = runs[base + half + index] }
            if let before = leaf(before: old) { leaves[before].next = fresh } else { firstLeaf = fresh }
            leaves[fresh].next = old
        }
        insertChild(fresh, beside: old, isAfter: movesHigh)
        let isHigh = place.slot > half
        return Place(
            leaf: isHigh == movesHigh ? fresh : old, slot: isHigh ? place.slot - half : place.slot,
            offset: 0)
    }

    private func scalars(_ range: Range<Int>) -> Int { range.reduce(0) { $0 + Int(runs[$1].count) } }

    private func leaf(before leaf: Int) -> Int? {
        var (child, node) = (leaf, leaves[leaf].parent)
        while true {
            let slot = slot(of: child, in: node)
            if slot > 0 {
                var found = Int(children[node * Self.fanout + slot - 1])
                for _ in 0..<nodes[node].level {
                    found = Int(children[found * Self.fanout + nodes[found].count - 1])
                }
                return found
            }
            if nodes[node].parent < 0 { return nil }
            (child, node) = (node, nodes[node].parent)
        }
    }

    /// Adds to the number of scalars present in a leaf.
    private mutating func add(_ difference: Int, at leaf: Int) {
        length += difference
        var (child, node) = (leaf, leaves[leaf].parent)
        let step = UInt32(truncatingIfNeeded: difference)
        while node >= 0 {
            present[node * Self.fanout + slot(of: child, in: node)] &+= step
            (child, node) = (node, nodes[node].parent)
        }
    }

    // MARK: Nodes

    mutating func makeLeaf() -> Int {
        leaves.append(Leaf())
        runs.append(
            contentsOf: repeatElement(Run(scalar: 0, count: 0, state: 0), count: Self.leafCapacity))
        return leaves.count - 1
    }

    mutating func makeNode(level: Int) -> Int {
        nodes.append(Node(level: level))
        children.append(contentsOf: repeatElement(0, count: Self.fanout))
        present.append(contentsOf: repeatElement(0, count: Self.fanout))
        return nodes.count - 1
    }

    /// Puts a new child beside another one, with which it shares from now on what was in that one.
    private mutating func insertChild(_ child: Int, beside other: Int, isAfter: Bool, level: Int = 0) {
        var node = level == 0 ? leaves[other].parent : nodes[other].parent
        if node < 0 {
            node = makeNode(level: level)
            nodes[node].count = 1
            children[node * Self.fanout] = UInt32(other)
            nodes[other].parent = node
            root = node
        }
        var slot = slot(of: other, in: node)
        if nodes[node].count == Self.fanout {
            let fresh = splitNode(node)
            insertChild(fresh, beside: node, isAfter: true, level: level + 1)
            if slot >= Self.fanout / 2 {
                slot -= Self.fanout / 2
                node = fresh
            }
        }
        present[node * Self.fanout + slot] = total(other, level)
        let place = node * Self.fanout + slot + (isAfter ? 1 : 0)
        var index = node * Self.fanout + nodes[node].count
        while index > place {
            children[index] = children[index - 1]
            present[index] = present[index - 1]
            index -= 1
        }
        children[place] = UInt32(child)
        present[place] = total(child, level)
        nodes[node].count += 1
        setParent(of: child, level, to: node)
    }

    /// Moves the upper half of a full node into a new one.
    private mutating func splitNode(_ node: Int) -> Int {
        let fresh = makeNode(level: nodes[node].level)
        let half = Self.fanout / 2
        for slot in 0..<half {
            let (from, to) = (node * Self.fanout + half + slot, fresh * Self.fanout + slot)
            children[to] = children[from]
            present[to] = present[from]
            setParent(of: Int(children[to]), nodes[node].level, to: fresh)
        }
        nodes[node].count = half
        nodes[fresh].count = half
        return fresh
    }

    private mutating func setParent(of child: Int, _ level: Int, to node: Int) {
        if level == 0 { leaves[child].parent = node } else { nodes[child].parent = node }
    }

    /// The number of scalars present below a child, whose own counts are right.
    func total(_ child: Int, _ level: Int) -> UInt32 {
        if level > 0 {
            let base = child * Self.fanout
            return present[base..<base + nodes[child].count].reduce(0, +)
        }
        let base = child * Self.leafCapacity
        return UInt32(runs[base..<base + leaves[child].count].reduce(0) { $0 + $1.present })
    }
}
