extension OrderTree {
    /// The tree of a version that holds everything, from the order of all scalars.
    init(_ order: [Range<UInt32>], _ log: EditLog) {
        self.init()
        home = [UInt32](repeating: 0, count: log.count)
        let deletions = Self.deletionCounts(log)
        var fresh: [Run] = []
        for range in order {
            var start = Int(range.lowerBound)
            while start < range.upperBound {
                let state = deletions.isEmpty ? 1 : deletions[start]
                var end = start + 1
                if deletions.isEmpty {
                    end = Int(range.upperBound)
                } else {
                    while end < range.upperBound, deletions[end] == state { end += 1 }
                }
                fresh.append(Run(scalar: UInt32(start), count: UInt32(end - start), state: state))
                start = end
            }
        }
        fill(fresh)
    }

    /// The state of each scalar where all is seen: one more than how many events deleted it.
    private static func deletionCounts(_ log: EditLog) -> [UInt32] {
        guard !log.deletions.isEmpty else { return [] }
        var counts = [UInt32](repeating: 1, count: log.count)
        for record in log.deletions {
            for scalar in Int(record.scalar)..<Int(record.scalar + record.count) { counts[scalar] += 1 }
        }
        return counts
    }

    /// Puts runs into an empty tree, its leaves and nodes three quarters full.
    private mutating func fill(_ fresh: [Run]) {
        let size = Self.leafCapacity * 3 / 4
        var level: [Int] = []
        for start in stride(from: 0, to: fresh.count, by: size) {
            let leaf = start == 0 ? firstLeaf : makeLeaf()
            if let last = level.last { leaves[last].next = leaf }
            level.append(leaf)
            for (slot, run) in fresh[start..<min(start + size, fresh.count)].enumerated() {
                runs[leaf * Self.leafCapacity + slot] = run
                leaves[leaf].count = slot + 1
                length += run.present
                let first = Int(run.scalar)
                for scalar in first..<first + Int(run.count) { home[scalar] = UInt32(leaf) }
            }
        }
        guard !level.isEmpty else { return }
        var height = 0
        // The root of the empty tree is the first node of the lowest level.
        var spare: Int? = root
        repeat {
            var above: [Int] = []
            for start in stride(from: 0, to: level.count, by: Self.fanout * 3 / 4) {
                let node = spare ?? makeNode(level: height)
                spare = nil
                for child in level[start..<min(start + Self.fanout * 3 / 4, level.count)] {
                    adopt(child, into: node, isFirst: child == level[start])
                }
                above.append(node)
            }
            level = above
            height += 1
        } while level.count > 1
        root = level[0]
    }

    private mutating func adopt(_ child: Int, into node: Int, isFirst: Bool) {
        let slot = isFirst ? 0 : nodes[node].count
        let level = nodes[node].level
        children[node * Self.fanout + slot] = UInt32(child)
        present[node * Self.fanout + slot] = total(child, level)
        if level == 0 { leaves[child].parent = node } else { nodes[child].parent = node }
        nodes[node].count = slot + 1
    }
}
