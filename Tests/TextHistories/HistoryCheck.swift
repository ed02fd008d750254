import TextCRDT

/// Asks the engine what a history comes to, by every way there is to it, beside what the papers say.
///
/// Each history is built in its own order, and looked at after each event: its beginnings are histories as well. The
/// whole is built in another order too; what costs more is asked of a share of them.
package struct HistoryCheck<Random: Choices> {
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    private let history: SmallHistory
    private let expected: String
    private var random: Random

    /// - Parameter random: which share it belongs to, and where orders come from.
    package init(_ history: SmallHistory, _ random: Random) {
        (self.history, self.random) = (history, random)
        expected = history.beginnings.last ?? ""
    }

    /// - Parameter asksAll: whether everything is asked.
    package mutating func run(asksAll: Bool = false) throws {
        var engine = TextHistory()
        for (number, event) in history.events.enumerated() {
            try engine.add(event.id, parents: event.parents, operations: event.operations)
            try compare(engine, history.beginnings[number], "by index, event by event")
        }
        try compare(try built(shuffled()), expected, "by index, in another order")
        if asksAll || random.below(16) == 0 { try files(engine) }
        if asksAll || random.below(32) == 0 { try exchanges() }
        if asksAll || random.below(32) == 0 { try versions(engine) }
        if asksAll || random.below(32) == 0 { try meetings(engine) }
    }

    /// All orders in which the events can arrive.
    package func everyArrival() throws {
        var first: TextHistory?
        func extend(_ known: TextHistory, _ done: UInt64) throws {
            var isWhole = true
            for (number, event) in history.events.enumerated()
            where done >> UInt64(number) & 1 == 0 && event.past & ~done == 0 {
                isWhole = false
                var more = known
                try more.add(event.id, parents: event.parents, operations: event.operations)
                try extend(more, done | 1 << UInt64(number))
            }
            guard isWhole else { return }
            try compare(known, expected, "by index, in some order")
            if let first, first.heads != known.heads { throw Fault(description: "heads by arrival") }
            first = known
        }
        try extend(TextHistory(), 0)
    }

    private func built(_ order: [Int]) throws -> TextHistory {
        var engine = TextHistory()
        for number in order {
            let event = history.events[number]
            try engine.add(event.id, parents: event.parents, operations: event.operations)
        }
        return engine
    }

    private func compare(_ engine: TextHistory, _ text: String, _ what: String) throws {
        let found = engine.text
        guard found.utf8.elementsEqual(text.utf8) else {
            throw Fault(description: "\(what): \"\(found)\" and not \"\(text)\"")
        }
    }

    private mutating func shuffled() -> [Int] {
        var order: [Int] = []
        order.reserveCapacity(history.events.count)
        var done: UInt64 = 0
        let all = history.tree.all
        while done != all {
            // From somewhere on the first that can come.
            var number = random.below(history.events.count)
            while done >> UInt64(number) & 1 == 1 || history.events[number].past & ~done != 0 {
                number = number + 1 < history.events.count ? number + 1 : 0
            }
            done |= 1 << UInt64(number)
            order.append(number)
        }
        return order
    }

    // MARK: Of a share

    private mutating func files(_ engine: TextHistory) throws {
        var options = TextHistory.EncodingOptions()
        options.isCompressed = random.below(8) == 0
        options.keepsDeletedText = random.below(8) > 0
        let bytes = engine.encoded(options)
        let read = try TextHistory(encoded: bytes)
        try compare(read, expected, "read from a file")
        if read.heads != engine.heads { throw Fault(description: "read from a file: other heads") }
        guard try built(shuffled()).encoded(options) == bytes else {
            throw Fault(description: "other bytes by another order")
        }
        guard read.encoded(options) == bytes else { throw Fault(description: "other bytes after a round") }
        if options.keepsDeletedText { try versions(read) }
        try meetings(read)
    }

    /// What three have who know of some events each, by what they tell each other.
    private mutating func exchanges() throws {
        let parts = (0..<3).map { _ in history.tree.closure(part()) }
        var sides: [TextHistory] = []
        for part in parts {
            sides.append(try built(history.events.indices.filter { part >> UInt64($0) & 1 == 1 }))
        }
        var (left, right) = (sides[0], sides[1])
        try take(sides[1], into: &left)
        try take(sides[0], into: &right)
        let both = history.tree.text(in: parts[0] | parts[1])
        try compare(left, both, "merged")
        try compare(right, both, "merged the other way")
        try take(right, into: &left)
        try compare(left, both, "merged twice")
        try take(sides[2], into: &left)
        try take(right, into: &sides[2])
        let all = history.tree.text(in: parts[0] | parts[1] | parts[2])
        try compare(left, all, "(a b) c")
        try compare(sides[2], all, "c (a b)")
        if left.heads != sides[2].heads { throw Fault(description: "merged: other heads") }
        guard left.encoded() == sides[2].encoded() else { throw Fault(description: "merged: other bytes") }
    }

    private mutating func part() -> UInt64 {
        var part: UInt64 = 0
        for event in history.events.indices where random.below(3) == 0 { part |= 1 << UInt64(event) }
        return part
    }

    /// By an update since what both have, or as a whole.
    private mutating func take(_ other: TextHistory, into history: inout TextHistory) throws {
        if random.below(4) == 0 {
            try history.merge(other)
        } else {
            let shared = history.heads.filter(other.contains)
            try history.merge(other.encoded(since: shared))
        }
    }

    private func versions(_ engine: TextHistory) throws {
        for (number, event) in history.events.enumerated() {
            let set = event.past | 1 << UInt64(number)
            let text = history.tree.text(in: set)
            let found = try engine.text(at: [event.id])
            guard found.utf8.elementsEqual(text.utf8) else {
                throw Fault(description: "at event \(number): \"\(found)\" and not \"\(text)\"")
            }
            guard try engine.length(at: event.parents) == history.tree.length(in: event.past) else {
                throw Fault(description: "another length before event \(number)")
            }
        }
    }

    private func meetings(_ engine: TextHistory) throws {
        let merged = engine.merged()
        let authors = merged.spans.flatMap { span in span.range.map { _ in span.event } }
        guard authors == history.tree.authors() else { throw Fault(description: "other authors") }
        let overlaps = history.tree.overlaps()
        guard merged.overlaps == overlaps else {
            throw Fault(description: "other overlaps: \(merged.overlaps) and not \(overlaps)")
        }
    }
}

extension SmallHistory: CustomStringConvertible {
    /// A line for each event.
    package var description: String {
        func name(_ id: TextEventID) -> String { "\(id.agent.low):\(id.sequence)" }
        return events.map { event in
            let parents = event.parents.map(name).joined(separator: " ")
            return
                "  \(name(event.id)) on [\(parents)]: \(event.operations.map { "\($0)" }.joined(separator: ", "))"
        }.joined(separator: "\n")
    }

    /// The smallest history that is at fault still: without what others do not need, one event or operation after the
    /// other.
    package func shrunk(_ fault: (SmallHistory) -> Bool) -> SmallHistory {
        var small = self
        var number = small.events.count - 1
        while number >= 0 {
            let isNeeded = small.events.contains { $0.past >> UInt64(number) & 1 == 1 }
            if !isNeeded {
                let fewer = small.without(number)
                if fault(fewer) {
                    small = fewer
                    number = small.events.count
                }
            }
            number -= 1
        }
        return small
    }

    /// Without an event that no other one has seen.
    private func without(_ number: Int) -> SmallHistory {
        let low: UInt64 = (1 << UInt64(number)) - 1
        var events = events
        events.remove(at: number)
        return SmallHistory(
            events.map { event in
                var event = event
                event.past = event.past & low | (event.past >> 1) & ~low
                return event
            })
    }
}
