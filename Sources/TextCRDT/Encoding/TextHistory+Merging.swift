extension TextHistory {
    /// Takes over what is not here yet; a failed merge changes nothing.
    mutating func merge(_ given: consuming Excerpt) throws(TextError) {
        var excerpt = given
        if graph.count == 0, !excerpt.refersToForeign, excerpt.namesEventsOnce {
            self = try TextHistory(adopting: &excerpt)
            return
        }
        var merge = ExcerptMerge(excerpt, into: self)
        try merge.run()
        guard
            merge.history.isCausal(
                fromInsertion: max(0, log.insertions.count - 1), deletion: max(0, log.deletions.count - 1))
        else { throw .malformed }
        self = try merge.history.ordered()
    }

    /// Takes over a whole history in place, and leaves nothing of it behind.
    private init(adopting excerpt: inout Excerpt) throws(TextError) {
        self.init()
        let (runs, parents) = (excerpt.runs, excerpt.parents)
        (excerpt.runs, excerpt.parents) = ([], [])
        graph = CausalGraph(
            adopting: runs, parents: parents, of: runs.isEmpty ? [] : excerpt.agents,
            count: excerpt.eventCount)
        log = EditLog(excerpt)
        let hooks = excerpt.hooks
        excerpt = Excerpt()
        let isCausal =
            hooks.isEmpty
            ? isCausal(fromInsertion: 0, deletion: 0)
            : hooks.withUnsafeBufferPointer { hooks in
                self.isCausal(fromInsertion: 0, deletion: 0) { hooks[$0] }
            }
        guard isCausal else { throw .malformed }
        self = try ordered(hooks)
    }

    /// The same with its order, unless the replay has it.
    private consuming func ordered(_ hooks: [Hook] = []) throws(TextError) -> TextHistory {
        guard replays.isEmpty else { return self }
        let order = DocumentOrder(log, graph, hooks)
        guard order.isPossible else { throw .malformed }
        // A short order is sooner made again than kept.
        if log.insertions.count > 32 { self.order = order.ranges }
        return self
    }
}

extension Excerpt {
    /// Whether no two of its events have one name.
    fileprivate var namesEventsOnce: Bool {
        var next = [UInt64](repeating: 0, count: agents.count)
        var isRising = true
        for (index, run) in runs.enumerated() where isRising {
            let end = run.sequence + UInt64(events(ofRun: index).count - 1)
            isRising = run.sequence >= next[Int(run.agent)] && end < .max
            next[Int(run.agent)] = end &+ 1
        }
        if isRising { return true }
        return CausalGraph.lists(of: runs, agents.count).allSatisfy { list in
            zip(list, list.dropFirst()).allSatisfy { lower, higher in
                UInt64(events(ofRun: Int(lower)).count) <= runs[Int(higher)].sequence
                    - runs[Int(lower)].sequence
            }
        }
    }
}

/// Adds the events of an excerpt to a history, under the names of that one.
private struct ExcerptMerge {
    private(set) var history: TextHistory
    private let excerpt: Excerpt
    /// Consecutive events of the excerpt with their names here, ascending.
    private var pieces: [Piece] = []
    private var foreignEvents: [Int] = []
    private var foreignScalars: [[Range<Int>]] = []
    /// The names here of the excerpt's scalars.
    private var names: [UInt32] = []
    /// How many scalars of an event were passed, for events that make several insertions.
    private var passed = (event: -1, count: 0)

    private struct Piece {
        let events: Range<Int>
        let own: Int
        let isNew: Bool
    }

    init(_ excerpt: Excerpt, into history: TextHistory) {
        self.excerpt = excerpt
        self.history = history
    }

    mutating func run() throws(TextError) {
        try findForeign()
        for index in excerpt.runs.indices { try addEvents(ofRun: index) }
        let isLarge = excerpt.insertions.count > 16 + history.log.insertions.count / 4
        if isLarge { history.replays = [] }
        names.reserveCapacity(excerpt.scalars.count)
        for index in excerpt.insertions.indices { try insert(index) }
        for record in excerpt.deletions { try delete(record) }
        history.order = nil
        history.trim()
    }

    private static var unknown: TextError {
        TextError(
            .unknownEvent, "This update goes on from edits that are not here.",
            remedy: "Take the updates before it first.")
    }

    private mutating func findForeign() throws(TextError) {
        for id in excerpt.foreignEvents {
            guard let event = history.graph.index(of: id) else { throw Self.unknown }
            foreignEvents.append(event)
        }
        for foreign in excerpt.foreignScalars {
            guard let event = history.graph.index(of: foreign.event) else { throw Self.unknown }
            foreignScalars.append(
                foreign.isStepwise
                    ? try stepwise(foreign) : try part(of: event, foreign.offset, foreign.count))
        }
    }

    private func stepwise(_ foreign: Excerpt.Foreign) throws(TextError) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for step in 0..<foreign.count {
            let (sequence, isBeyond) = foreign.event.sequence.addingReportingOverflow(UInt64(step))
            if isBeyond { throw .malformed }
            let id = TextEventID(agent: foreign.event.agent, sequence: sequence)
            guard let event = history.graph.index(of: id) else { throw Self.unknown }
            ranges += try part(of: event, step == 0 ? foreign.offset : 0, 1)
        }
        return ranges
    }

    /// So many scalars of an event, from an offset on; there are as many.
    private func part(of event: Int, _ offset: Int, _ count: Int) throws(TextError) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        history.log.forEachInserted(by: event..<event + 1) { ranges.append($0) }
        var (skip, rest) = (offset, count)
        var part: [Range<Int>] = []
        for range in ranges where rest > 0 {
            if skip >= range.count {
                skip -= range.count
                continue
            }
            let taken = min(rest, range.count - skip)
            part.append(range.lowerBound + skip..<range.lowerBound + skip + taken)
            (skip, rest) = (0, rest - taken)
        }
        guard rest == 0, count > 0 else { throw .malformed }
        return part
    }

    // MARK: Events

    private mutating func addEvents(ofRun index: Int) throws(TextError) {
        let (run, all) = (excerpt.runs[index], excerpt.events(ofRun: index))
        var offset = 0
        while offset < all.count {
            let id = TextEventID(
                agent: excerpt.agents[Int(run.agent)], sequence: run.sequence + UInt64(offset))
            let (own, count) = history.graph.stretch(from: id, limit: all.count - offset)
            let events = all.lowerBound + offset..<all.lowerBound + offset + count
            if let own {
                pieces.append(Piece(events: events, own: own, isNew: false))
            } else {
                pieces.append(Piece(events: events, own: history.graph.count, isNew: true))
                guard count <= CausalGraph.limit - history.graph.count else { throw .malformed }
                var parents: [Int] = []
                if offset > 0 {
                    parents = [ownEvent(events.lowerBound - 1)]
                } else {
                    for parent in excerpt.parents(ofRun: index) {
                        let number = Int(parent & ~Excerpt.firstForeign)
                        parents.append(Excerpt.isForeign(parent) ? foreignEvents[number] : ownEvent(number))
                    }
                    parents = history.graph.version(of: parents)
                }
                history.graph.append(id, count: count, parents: parents)
            }
            offset += count
        }
    }

    private func ownEvent(_ event: Int) -> Int {
        let piece = pieces[pieces.partitioningIndex { $0.events.lowerBound > event } - 1]
        return piece.own + event - piece.events.lowerBound
    }

    /// Calls `body` with each piece that a record has a part in, and which part.
    private func forEachPiece(
        of origin: EventSpan, _ count: Int, _ body: (Piece, Range<Int>) throws(TextError) -> Void
    ) throws(TextError) {
        var index = pieces.partitioningIndex { $0.events.lowerBound > origin.first } - 1
        while index < pieces.count {
            let part = origin.part(of: pieces[index].events, count: count)
            if part.isEmpty { return }
            try body(pieces[index], part)
            index += 1
        }
    }

    // MARK: Operations

    private mutating func insert(_ index: Int) throws(TextError) {
        let record = excerpt.insertions[index]
        let scalars = excerpt.scalars(of: index)
        let before = record.origin.first == passed.event ? passed.count : 0
        var fresh: [(Piece, Range<Int>)] = []
        try forEachPiece(of: record.origin, scalars.count) { piece, part throws(TextError) in
            fresh.append((piece, part))
        }
        for (piece, part) in fresh {
            let event = piece.own + record.origin.event(at: part.lowerBound) - piece.events.lowerBound
            if piece.isNew {
                try insertNew(record, scalars, part, by: event)
            } else {
                try insertKnown(record, part, event, before)
            }
        }
        let isOne = !record.origin.isStepwise
        passed = (record.origin.event(at: scalars.count - 1), isOne ? before + scalars.count : 1)
    }

    private mutating func insertKnown(
        _ record: EditLog.Insertion, _ range: Range<Int>, _ event: Int, _ before: Int
    ) throws(TextError) {
        guard record.origin.isStepwise else {
            for own in try part(of: event, before, range.count) {
                for scalar in own { names.append(UInt32(scalar)) }
            }
            return
        }
        for step in range {
            let offset = step == 0 ? before : 0
            guard let own = history.log.scalar(offset, by: event + step - range.lowerBound) else {
                throw .malformed
            }
            names.append(UInt32(own))
        }
    }

    private mutating func insertNew(
        _ record: EditLog.Insertion, _ scalars: Range<Int>, _ part: Range<Int>, by event: Int
    ) throws(TextError) {
        guard history.log.count + part.count <= EditLog.limit else { throw .malformed }
        let first = UInt32(history.log.count)
        let left =
            part.lowerBound == 0 ? try own(record.left) : names[scalars.lowerBound + part.lowerBound - 1]
        let right = try own(record.right)
        for index in history.replays.indices {
            let isPossible = history.replays[index].integrate(
                part.count, by: event, left: left, right: right, history.log, history.graph)
            guard isPossible else { throw .malformed }
        }
        history.log.insert(
            part.count,
            by: record.origin.isStepwise && part.count > 1
                ? EventSpan(stepwiseFrom: event) : EventSpan(event), left: left, right: right)
        let range = scalars.lowerBound + part.lowerBound..<scalars.lowerBound + part.upperBound
        excerpt.scalars.bytes.withUnsafeBufferPointer { bytes in
            history.log.appendScalars(
                wellFormed: UnsafeBufferPointer(rebasing: bytes[excerpt.scalars.offsets(of: range)]))
        }
        for number in 0..<UInt32(part.count) { names.append(first + number) }
    }

    private func own(_ name: UInt32) throws(TextError) -> UInt32 {
        if name == EditLog.edge { return name }
        if Excerpt.isForeign(name) {
            guard let range = foreignScalars[Int(name - Excerpt.firstForeign)].first else { throw .malformed }
            return UInt32(range.lowerBound)
        }
        return names[Int(name)]
    }

    private mutating func delete(_ record: EditLog.Deletion) throws(TextError) {
        var parts: [(Piece, Range<Int>)] = []
        try forEachPiece(of: record.origin, Int(record.count)) { piece, part throws(TextError) in
            if piece.isNew { parts.append((piece, part)) }
        }
        for (piece, part) in parts {
            let event = piece.own + record.origin.event(at: part.lowerBound) - piece.events.lowerBound
            if Excerpt.isForeign(record.scalar) {
                for range in foreignScalars[Int(record.scalar - Excerpt.firstForeign)] {
                    history.log.delete(range, by: event)
                }
            } else if record.origin.isStepwise {
                for step in part {
                    let own = Int(names[record.scalars(step..<step + 1).lowerBound])
                    history.log.delete(own..<own + 1, by: event + step - part.lowerBound)
                }
            } else {
                deleteOwn(record.scalars(part), by: event)
            }
        }
    }

    private mutating func deleteOwn(_ scalars: Range<Int>, by event: Int) {
        var start = scalars.lowerBound
        while start < scalars.upperBound {
            let name = names[start]
            var end = start + 1
            while end < scalars.upperBound, names[end] == name + UInt32(end - start) { end += 1 }
            history.log.delete(Int(name)..<Int(name) + end - start, by: event)
            start = end
        }
    }
}

extension CausalGraph {
    /// Where an event is and how many of those that follow it by number are with it, or how many are unknown.
    func stretch(from id: TextEventID, limit: Int) -> (event: Int?, count: Int) {
        guard let (own, next) = neighbourhood(of: id) else { return (nil, limit) }
        if let own { return (own.lowerBound, min(limit, own.count)) }
        guard let next, next - id.sequence < UInt64(limit) else { return (nil, limit) }
        return (nil, Int(next - id.sequence))
    }
}
