extension OrderTree {
    /// What is wrong with the tree, nil when nothing is. Only tests ask.
    package func brokenInvariant() -> String? {
        var leaf = firstLeaf
        var seen = [Bool](repeating: false, count: home.count)
        var visited = 0
        while leaf >= 0 {
            visited += 1
            for index in leaf * Self.leafCapacity..<leaf * Self.leafCapacity + leaves[leaf].count {
                let run = runs[index]
                if run.count == 0 { return "an empty run" }
                for scalar in Int(run.scalar)..<Int(run.scalar + run.count) {
                    if seen[scalar] { return "scalar \(scalar) stands twice" }
                    seen[scalar] = true
                    if home[scalar] != leaf { return "scalar \(scalar) is at home elsewhere" }
                }
            }
            leaf = leaves[leaf].next
        }
        if visited != leaves.count { return "\(leaves.count - visited) leaves cannot be reached" }
        if let missing = seen.firstIndex(of: false) { return "scalar \(missing) stands nowhere" }
        for node in nodes.indices {
            for slot in 0..<nodes[node].count {
                let child = Int(children[node * Self.fanout + slot])
                let level = nodes[node].level
                if present[node * Self.fanout + slot] != total(child, level) { return "a false count" }
                if (level == 0 ? leaves[child].parent : nodes[child].parent) != node {
                    return "a child of another parent"
                }
            }
        }
        return total(root, 1) == UInt32(length) ? nil : "a false length"
    }
}
