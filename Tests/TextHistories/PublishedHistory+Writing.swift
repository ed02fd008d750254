import TextCRDT

extension PublishedHistory {
    /// Names whose bytes rise as the authors do.
    private static let names = ["Ann", "ann", "zoë", "ünal"]

    /// A random history with what it comes to by the papers. Agents leave numbers out and come back to them, write on two
    /// branches at once, and what they did in one go may stand in several transactions.
    package init(seed: UInt64) {
        var choices = RandomChoices(seed: seed)
        let history = SmallHistory(.random, &choices)
        var used: [TextAgent: UInt64] = [:]
        var gaps: [TextAgent: [Range<UInt64>]] = [:]
        var renamed: [TextEventID: TextEventID] = [:]
        var events: [SmallHistory.Event] = []
        for var event in history.events {
            let agent = event.id.agent
            let size = UInt64(event.operations.reduce(0) { $0 + Operation($1).count })
            var start = used[agent] ?? UInt64(choices.below(3))
            if let gap = gaps[agent]?.last, UInt64(gap.count) >= size, choices.below(2) == 0 {
                start = gap.lowerBound
                gaps[agent]?.removeLast()
            } else {
                if choices.below(4) == 0 {
                    gaps[agent, default: []].append(start..<start + 6)
                    start += 6
                }
                used[agent] = start + size
            }
            let id = TextEventID(agent: agent, sequence: start)
            renamed[event.id] = id
            event.id = id
            event.parents = history.ids(of: history.tree.heads(of: event.past)).map { renamed[$0] ?? $0 }
            events.append(event)
        }
        let named = SmallHistory(events)
        self.init(endContent: named.tree.text(in: named.tree.all), txns: [])
        var last: [TextEventID: Int] = [:]
        var number = 0
        for event in events {
            add(event, &number, last, &choices)
            last[event.id] = number - 1
        }
    }

    private mutating func add(
        _ event: SmallHistory.Event, _ number: inout Int, _ last: [TextEventID: Int],
        _ choices: inout RandomChoices
    ) {
        var parents = event.parents.compactMap { last[$0] }
        var sequence = event.id.sequence
        var ops: [Operation] = []
        let name = Self.names[Int(event.id.agent.low - 1) % Self.names.count]
        func size() -> Int { ops.reduce(0) { $0 + $1.count } }
        func end() {
            txns.append(
                Transaction(
                    agent: name, seqStart: sequence, span: [number, number + size()], parents: parents,
                    ops: ops))
            sequence += UInt64(size())
            number += size()
            parents = [number - 1]
            ops = []
        }
        for operation in event.operations {
            ops.append(Operation(operation))
            if choices.below(2) == 0 { end() }
        }
        if !ops.isEmpty { end() }
    }
}
