extension Excerpt {
    /// All events of a history but those of some ranges, which are a version.
    init(_ history: TextHistory, without known: [Range<Int>] = []) {
        var copy = ExcerptCopy(history, order: Self.order(of: history.graph, without: known))
        copy.run()
        self = copy.excerpt
    }
}

/// Copies events in another order, under other names.
private struct ExcerptCopy {
    private(set) var excerpt = Excerpt()
    private let graph: CausalGraph
    private let log: EditLog
    private let order: [Range<Int>]
    /// The pieces of the order by their events, and the number that each gets.
    private let numbers: [(events: Range<Int>, number: Int)]
    /// The new names of scalars.
    private var names: [UInt32]
    private var foreignEvents: [Int: Int] = [:]
    private var foreignScalars: [Excerpt.Foreign: Int] = [:]

    private static let unnamed = UInt32.max

    init(_ history: TextHistory, order: [Range<Int>]) {
        graph = history.graph
        log = history.log
        self.order = order
        var number = 0
        numbers = order.map { events in
            defer { number += events.count }
            return (events, number)
        }.sorted { $0.events.lowerBound < $1.events.lowerBound }
        names = [UInt32](repeating: Self.unnamed, count: history.log.count)
    }

    mutating func run() {
        excerpt.agents = graph.agents
        for events in order {
            addRun(events)
            let first = excerpt.eventCount
            log.forEachInsertion(by: events) { index, scalars in
                insert(scalars, of: index, from: events.lowerBound, to: first)
            }
            log.forEachDeletion(by: events) { index, part in
                delete(part, of: index, from: events.lowerBound, to: first)
            }
            excerpt.eventCount += events.count
        }
    }

    private mutating func addRun(_ events: Range<Int>) {
        let id = graph.id(of: events.lowerBound)
        let run = graph.run(of: events.lowerBound)
        let isFirst = graph.events(of: run).lowerBound == events.lowerBound
        var old = isFirst ? graph.parents(ofRun: run).map(Int.init) : [events.lowerBound - 1]
        // In the order of their ids, so that the order of arrival leaves no trace.
        if old.count > 1 { old.sort { graph.isLower($0, than: $1) } }
        let parents = old.map { reference(to: $0) }
        if let last = excerpt.runs.last, parents.count == 1, Int(parents[0]) == excerpt.eventCount - 1,
            id.follows(excerpt.id(of: last), by: excerpt.eventCount - Int(last.first))
        {
            return
        }
        excerpt.runs.append(
            CausalGraph.Run(
                first: UInt32(excerpt.eventCount), agent: graph.runs[run].agent, sequence: id.sequence,
                parents: UInt32(excerpt.parents.count)))
        excerpt.parents += parents
    }

    private mutating func reference(to event: Int) -> UInt32 {
        let place = numbers.partitioningIndex { $0.events.lowerBound > event } - 1
        if place >= 0, numbers[place].events.contains(event) {
            return UInt32(numbers[place].number + event - numbers[place].events.lowerBound)
        }
        let number = foreignEvents[event] ?? excerpt.foreignEvents.count
        if number == excerpt.foreignEvents.count {
            foreignEvents[event] = number
            excerpt.foreignEvents.append(graph.id(of: event))
        }
        return Excerpt.firstForeign + UInt32(number)
    }

    private mutating func insert(_ scalars: Range<Int>, of index: Int, from old: Int, to new: Int) {
        let record = log.insertions[index]
        let offset = scalars.lowerBound - Int(record.scalar)
        let event = new + record.origin.event(at: offset) - old
        let first = UInt32(excerpt.scalars.count)
        let left = offset > 0 ? UInt32(scalars.lowerBound) - 1 : record.left
        let right = name(of: record.right)
        // As if they came one by one: how records were divided leaves no trace either.
        excerpt.insertions.append(
            EditLog.Insertion(scalar: first, left: name(of: left), right: right, origin: EventSpan(event)),
            count: 1)
        let rest = scalars.count - 1
        if rest > 0 {
            var origin = EventSpan(event)
            if record.origin.isStepwise {
                origin = rest > 1 ? EventSpan(stepwiseFrom: event + 1) : EventSpan(event + 1)
            }
            excerpt.insertions.append(
                EditLog.Insertion(scalar: first + 1, left: first, right: right, origin: origin), count: rest)
        }
        for (number, scalar) in scalars.enumerated() { names[scalar] = first + UInt32(number) }
        log.scalars.bytes.withUnsafeBufferPointer { bytes in
            let text = UnsafeBufferPointer(rebasing: bytes[log.scalars.offsets(of: scalars)])
            _ = excerpt.scalars.append(wellFormed: text)
        }
    }

    private mutating func name(of scalar: UInt32) -> UInt32 {
        if scalar == EditLog.edge { return scalar }
        let name = names[Int(scalar)]
        if name != Self.unnamed { return name }
        return foreignName(foreign(Int(scalar)..<Int(scalar) + 1))
    }

    private mutating func foreignName(_ foreign: Excerpt.Foreign) -> UInt32 {
        let number = foreignScalars[foreign] ?? excerpt.foreignScalars.count
        if number == excerpt.foreignScalars.count {
            foreignScalars[foreign] = number
            excerpt.foreignScalars.append(foreign)
        }
        return Excerpt.firstForeign + UInt32(number)
    }

    /// What names foreign scalars of one insertion.
    private func foreign(_ scalars: Range<Int>) -> Excerpt.Foreign {
        let index = log.insertion(of: UInt32(scalars.lowerBound))
        let record = log.insertions[index]
        let event = record.origin.event(at: scalars.lowerBound - Int(record.scalar))
        return Excerpt.Foreign(
            event: graph.id(of: event), offset: log.offset(of: UInt32(scalars.lowerBound)),
            count: scalars.count,
            isStepwise: record.origin.isStepwise && scalars.count > 1)
    }

    private mutating func delete(_ part: Range<Int>, of index: Int, from old: Int, to new: Int) {
        let record = log.deletions[index]
        if record.origin.isStepwise {
            for step in part {
                delete(record.scalars(step..<step + 1), by: new + record.origin.event(at: step) - old)
            }
        } else {
            delete(record.scalars(part), by: new + record.origin.first - old)
        }
    }

    private mutating func delete(_ scalars: Range<Int>, by event: Int) {
        var start = scalars.lowerBound
        while start < scalars.upperBound {
            let name = names[start]
            var end = start + 1
            if name == Self.unnamed {
                let own = log.scalars(of: log.insertion(of: UInt32(start)))
                let agentEnd = endOfRun(start, own)
                while end < min(scalars.upperBound, agentEnd), names[end] == Self.unnamed { end += 1 }
                let foreign = foreignName(foreign(start..<end))
                excerpt.deletions.append(
                    EditLog.Deletion(scalar: foreign, count: UInt32(end - start), origin: EventSpan(event)))
            } else {
                while end < scalars.upperBound, names[end] == name + UInt32(end - start) { end += 1 }
                let own = Int(name)..<Int(name) + end - start
                excerpt.deletions.append(own.prefix(1), by: event)
                if own.count > 1 { excerpt.deletions.append(own.dropFirst(), by: event) }
            }
            start = end
        }
    }

    /// The end of the scalars that can be named together with one: of its insertion, and of one run of events.
    private func endOfRun(_ scalar: Int, _ insertion: Range<Int>) -> Int {
        let record = log.insertions[log.insertion(of: UInt32(scalar))]
        guard record.origin.isStepwise else { return insertion.upperBound }
        let run = graph.events(of: graph.run(of: record.origin.event(at: scalar - insertion.lowerBound)))
        return min(insertion.upperBound, insertion.lowerBound + run.upperBound - record.origin.first)
    }
}
