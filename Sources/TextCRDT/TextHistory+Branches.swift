extension TextHistory {
    /// An order in which to add events that are at hand together: parents first, and a branch to its end before the
    /// next one. An event that goes on where the last one ended costs little; one that begins elsewhere costs what the
    /// two versions differ in, which long branches that take turns would pay at each turn.
    ///
    /// - Parameter parents: of each event those that it names, all of them numbers of earlier ones.
    public static func branchesInTurn(_ parents: [[Int]]) -> [Int] {
        var children = [[Int]](repeating: [], count: parents.count)
        var missing = [Int](repeating: 0, count: parents.count)
        for (event, named) in parents.enumerated() {
            let named = Set(named)
            missing[event] = named.count
            for parent in named { children[parent].append(event) }
        }
        var order: [Int] = []
        order.reserveCapacity(parents.count)
        // The first on top; what an event frees comes before all that waited.
        var ready = parents.indices.reversed().filter { missing[$0] == 0 }
        while let event = ready.popLast() {
            order.append(event)
            for child in children[event].reversed() {
                missing[child] -= 1
                if missing[child] == 0 { ready.append(child) }
            }
        }
        return order
    }
}
