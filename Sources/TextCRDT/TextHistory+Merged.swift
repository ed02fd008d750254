extension TextHistory {
    /// The text of all events together, with who wrote what and where writers met.
    public func merged() -> MergedText {
        var reading = MergedReading(self)
        forEachRange { reading.pass($0) }
        return reading.text()
    }

    /// The text of all events together.
    public var text: String { text(of: log.deleted, isDeleted: true) }

    /// The scalars of a set, or all others, in document order.
    func text(of set: ScalarSet, isDeleted: Bool) -> String {
        let size = log.scalars.bytes.count
        return String(unsafeUninitializedCapacity: size) { target in
            guard let start = target.baseAddress else { return 0 }
            var place = 0
            log.scalars.bytes.withUnsafeBufferPointer { all in
                guard let source = all.baseAddress else { return }
                forEachRange { range in
                    forEachStretch(of: range, in: set) { stretch, isMember in
                        guard isMember != isDeleted else { return }
                        let bytes = log.scalars.offsets(of: stretch)
                        (start + place).copy(from: source + bytes.lowerBound, count: bytes.count)
                        place += bytes.count
                    }
                }
            }
            return place
        }
    }

    /// Calls `body` with all scalars in document order.
    func forEachRange(_ body: (Range<UInt32>) -> Void) {
        if let replay {
            replay.tree.forEachRun { body($0.scalar..<$0.scalar + $0.count) }
        } else {
            for range in order ?? DocumentOrder(log, graph).ranges { body(range) }
        }
    }

    /// Calls `body` with the stretches of a range that are in a set, or outside of it.
    @inline(__always)
    func forEachStretch(
        of range: Range<UInt32>, in set: ScalarSet, _ body: (Range<Int>, Bool) -> Void
    ) {
        set.forEachStretch(of: Range(uncheckedBounds: (Int(range.lowerBound), Int(range.upperBound))), body)
    }
}

extension UnsafeMutablePointer<UInt8> {
    /// Most stretches are a few letters, for which a call of `memcpy` costs more than they do.
    @inline(__always)
    fileprivate func copy(from source: UnsafePointer<UInt8>, count: Int) {
        if count > 16 { return update(from: source, count: count) }
        guard count >= 8 else {
            for index in 0..<count { self[index] = source[index] }
            return
        }
        let (from, to) = (UnsafeRawPointer(source), UnsafeMutableRawPointer(self))
        let last = from.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        to.storeBytes(of: from.loadUnaligned(as: UInt64.self), as: UInt64.self)
        to.storeBytes(of: last, toByteOffset: count - 8, as: UInt64.self)
    }
}

/// Reads the merged text from its start to its end.
private struct MergedReading {
    private struct Stretch {
        let event: Int
        var range: Range<Int>
    }

    private let history: TextHistory
    private let isConcurrent: Bool
    private let deleters: Deleters
    private var stretches: [Stretch] = []
    private var overlaps: [TextOverlap] = []
    /// What was deleted since the last visible scalar.
    private var dead: [Range<Int>] = []
    private var length = 0

    init(_ history: TextHistory) {
        self.history = history
        isConcurrent = history.graph.runs.contains { $0.coverage != $0.first }
        deleters = Deleters(isConcurrent ? history.log : EditLog())
    }

    mutating func pass(_ range: Range<UInt32>) {
        history.forEachStretch(of: range, in: history.log.deleted) { stretch, isDeleted in
            if isDeleted { dead.append(stretch) } else { passVisible(stretch) }
        }
    }

    private mutating func passVisible(_ range: Range<Int>) {
        history.forEachOrigin(of: range) { part, event in pass(part.count, of: event) }
    }

    private mutating func pass(_ count: Int, of event: Int) {
        if let last = stretches.last {
            if last.event == event {
                stretches[stretches.count - 1].range = last.range.lowerBound..<length + count
            } else {
                if isConcurrent, overlap(last.event, event) {
                    let ids = [history.graph.id(of: last.event), history.graph.id(of: event)]
                    overlaps.append(TextOverlap(events: ids.sorted(), offset: length))
                }
                stretches.append(Stretch(event: event, range: length..<length + count))
            }
        } else {
            stretches.append(Stretch(event: event, range: length..<length + count))
        }
        dead.removeAll(keepingCapacity: true)
        length += count
    }

    /// Whether two neighbours of the merged text, with what is deleted between them, overlap.
    private func overlap(_ first: Int, _ second: Int) -> Bool {
        let graph = history.graph
        guard graph.id(of: first).agent != graph.id(of: second).agent, graph.areConcurrent(first, second)
        else { return false }
        func sawBoth(_ event: Int) -> Bool {
            graph.isAncestor(first, of: event) && graph.isAncestor(second, of: event)
        }
        for range in dead {
            for scalar in range {
                let author = history.log.event(of: UInt32(scalar))
                if graph.isAncestor(author, of: first), graph.isAncestor(author, of: second),
                    deleters.all(of: scalar, sawBoth)
                {
                    return false
                }
            }
        }
        return true
    }

    func text() -> MergedText {
        let spans = stretches.map { stretch in
            MergedText.Span(range: stretch.range, event: history.graph.id(of: stretch.event))
        }
        return MergedText(text: history.text, spans: spans, overlaps: overlaps)
    }
}

/// For each scalar that was deleted, the events that did it.
private struct Deleters {
    private let log: EditLog
    /// The deletions, by their first scalar.
    private let sorted: [Int]
    /// For each of them the farthest end of it and of those before it.
    private let reach: [UInt32]

    init(_ log: EditLog) {
        self.log = log
        let sorted = log.deletions.indices.sorted { log.deletions[$0].scalar < log.deletions[$1].scalar }
        var farthest: UInt32 = 0
        reach = sorted.map { index in
            farthest = max(farthest, log.deletions[index].scalar + log.deletions[index].count)
            return farthest
        }
        self.sorted = sorted
    }

    /// Whether the predicate holds for all events that deleted a scalar.
    func all(of scalar: Int, _ predicate: (Int) -> Bool) -> Bool {
        var place = sorted.partitioningIndex { log.deletions[$0].scalar > scalar }
        while place > 0, reach[place - 1] > scalar {
            place -= 1
            let record = log.deletions[sorted[place]]
            guard scalar < record.scalar + record.count else { continue }
            var offset = scalar - Int(record.scalar)
            if record.isBackwards { offset = Int(record.count) - 1 - offset }
            if !predicate(record.origin.event(at: offset)) { return false }
        }
        return true
    }
}
