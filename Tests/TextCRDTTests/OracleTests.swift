import Testing
import TextCRDT

/// The engine against the tree of the paper, on random histories; a failure names its seed.
struct OracleTests {
    // P-057
    @Test("Every version, past or merged, reads as in the tree", arguments: 0..<20)
    func agreesWithTree(batch: UInt64) throws {
        for seed in batch * 50..<batch * 50 + 50 {
            try compare(RandomHistory(seed: seed, replicas: 3 + Int(seed % 2), steps: 14), seed)
        }
    }

    @Test("Longer histories do too", arguments: 5000..<5010)
    func agreesWithTreeAtLength(seed: UInt64) throws {
        try compare(RandomHistory(seed: seed, replicas: 4, steps: 50), seed)
    }

    /// The engine keeps scalars in blocks of at most 128: one base fills several, the other nearly one.
    @Test("Histories of a text of several blocks do too", arguments: 6000..<6008)
    func agreesWithTreeOnALongText(seed: UInt64) throws {
        try compare(RandomHistory(seed: seed, replicas: 3, steps: 25, base: seed % 2 == 0 ? 300 : 115), seed)
    }

    private func compare(_ random: RandomHistory, _ seed: UInt64) throws {
        var tree = FugueTree()
        var history = TextHistory()
        for event in random.events {
            tree.add(event)
            try history.add(event)
        }
        for event in random.events {
            for version in [event.parents, [event.id]] {
                let expected = tree.text(of: version)
                #expect(try Array(history.text(at: version).unicodeScalars) == expected, "seed \(seed)")
                #expect(try history.length(at: version) == expected.count, "seed \(seed)")
            }
        }
        let merged = history.merged()
        #expect(Array(merged.text.unicodeScalars) == tree.text(of: history.heads), "seed \(seed)")
        let authors = merged.spans.flatMap { span in span.range.map { _ in span.event } }
        #expect(authors == tree.authors(in: history.heads), "seed \(seed)")
        let meetings = merged.overlaps.map { FugueTree.Meeting(events: $0.events, offset: $0.offset) }
        #expect(meetings == tree.meetings(in: history.heads), "seed \(seed)")
    }

    @Test("Spans cover the text in order, without gaps, each as long as it can be", arguments: 0..<200)
    func spansTile(seed: UInt64) throws {
        let history = try TextHistory(RandomHistory(seed: seed, replicas: 3, steps: 25).events)
        let merged = history.merged()
        var end = 0
        for (index, span) in merged.spans.enumerated() {
            #expect(span.range.lowerBound == end && !span.range.isEmpty, "seed \(seed)")
            if index > 0 { #expect(span.event != merged.spans[index - 1].event, "seed \(seed)") }
            end = span.range.upperBound
        }
        #expect(end == merged.text.unicodeScalars.count, "seed \(seed)")
    }

    @Test("The order of arrival does not matter", arguments: 0..<20)
    func arrivalDoesNotMatter(batch: UInt64) throws {
        for seed in batch * 10..<batch * 10 + 10 {
            var random = RandomHistory(seed: seed, replicas: 4, steps: 30)
            let history = try TextHistory(random.events)
            for _ in 0..<4 {
                let other = try TextHistory(random.shuffled())
                #expect(other.merged() == history.merged(), "seed \(seed)")
                #expect(other.heads == history.heads, "seed \(seed)")
            }
        }
    }

    @Test("Every order of arrival of a small history gives the same", arguments: 0..<30)
    func everyArrival(seed: UInt64) throws {
        let events = Array(RandomHistory(seed: seed, replicas: 3, steps: 12).events.prefix(6))
        let expected = try TextHistory(events).merged()
        var count = 0
        for order in arrivals(of: events) {
            count += 1
            let merged = try TextHistory(order).merged()
            #expect(merged == expected, "seed \(seed)")
        }
        #expect(count > 0)
    }

    /// All orders of the events in which parents come first.
    private func arrivals(of events: [Event]) -> [[Event]] {
        var orders: [[Event]] = []
        func extend(_ order: [Event], _ waiting: [Event]) {
            if waiting.isEmpty { orders.append(order) }
            for (index, event) in waiting.enumerated()
            where event.parents.allSatisfy({ parent in order.contains { $0.id == parent } }) {
                var rest = waiting
                rest.remove(at: index)
                extend(order + [event], rest)
            }
        }
        extend([], events)
        return orders
    }
}
