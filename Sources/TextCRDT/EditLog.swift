/// *What*: the edits, in terms that hold in every version, as runs in order of arrival.
///
/// Scalars are named by the order in which they came in. What was typed in one go is one record, whether it
/// is of one event or of many with a scalar each; so is what was deleted forwards or backwards.
struct EditLog: Sendable {
    /// The name of the start of the document, as a left neighbour, and of its end, as a right one.
    static let edge = UInt32.max

    /// Scalars from `scalar` on up to those of the next record: the first stood between `left` and `right` in
    /// the version it was inserted into, deleted ones counted, each other between the one before it and
    /// `right`.
    struct Insertion: Sendable {
        let scalar: UInt32
        let left: UInt32
        let right: UInt32
        var origin: EventSpan
    }

    /// Scalars that were deleted from the first to the last, or the other way.
    struct Deletion: Sendable {
        var scalar: UInt32
        var count: UInt32
        var origin: EventSpan
        var isBackwards = false
    }

    private(set) var insertions: [Insertion] = []
    private(set) var deletions: [Deletion] = []
    private(set) var scalars = ScalarStore()
    /// What some event deleted.
    private(set) var deleted = ScalarSet()
    /// Most scalars that were ever inserted in one text.
    static let limit = 1 << 30

    /// The number of scalars that were ever inserted.
    var count: Int { scalars.count }

    // MARK: Appending

    /// Names what one event inserts; its scalars follow by `appendScalars`.
    mutating func insert(_ count: Int, by event: Int, left: UInt32, right: UInt32) {
        let first = UInt32(self.count)
        if count > 0, let last = insertions.last, left != Self.edge, left + 1 == first, right == last.right {
            let length = Int(first - last.scalar)
            if let origin = last.origin.extended(to: event, covering: length, adding: count) {
                insertions[insertions.count - 1].origin = origin
                return
            }
        }
        insertions.append(Insertion(scalar: first, left: left, right: right, origin: EventSpan(event)))
    }

    mutating func appendScalars(_ text: String) {
        scalars.append(text)
        deleted.grow(to: scalars.count)
    }

    /// Names scalars that one event deletes, of which it deletes others before or after.
    mutating func delete(_ range: Range<Int>, by event: Int) {
        deleted.insert(range)
        let count = UInt32(range.count)
        if let last = deletions.last,
            let origin = last.origin.extended(to: event, covering: Int(last.count), adding: range.count)
        {
            let isFirst = last.count == 1
            if range.lowerBound == last.scalar + last.count, isFirst || !last.isBackwards {
                deletions[deletions.count - 1].count += count
                deletions[deletions.count - 1].origin = origin
                return
            }
            if range.upperBound == last.scalar, isFirst || last.isBackwards || !origin.isStepwise {
                deletions[deletions.count - 1].scalar -= count
                deletions[deletions.count - 1].count += count
                deletions[deletions.count - 1].origin = origin
                deletions[deletions.count - 1].isBackwards = true
                return
            }
        }
        deletions.append(
            Deletion(scalar: UInt32(range.lowerBound), count: count, origin: EventSpan(event)))
    }

    // MARK: Asking

    /// The number of the insertion that a scalar is of.
    func insertion(of scalar: UInt32) -> Int {
        if let last = insertions.last, scalar >= last.scalar { return insertions.count - 1 }
        return insertions.partitioningIndex { $0.scalar > scalar } - 1
    }

    func scalars(of insertion: Int) -> Range<Int> {
        Int(
            insertions[insertion].scalar)..<(insertion + 1 < insertions.count
            ? Int(insertions[insertion + 1].scalar) : count)
    }

    /// The event that inserted a scalar.
    func event(of scalar: UInt32) -> Int {
        let insertion = insertions[self.insertion(of: scalar)]
        return insertion.origin.event(at: Int(scalar - insertion.scalar))
    }

    /// The neighbours of a scalar in the version it was inserted into.
    func neighbours(of scalar: UInt32) -> (left: UInt32, right: UInt32) {
        let insertion = insertions[self.insertion(of: scalar)]
        return (scalar == insertion.scalar ? insertion.left : scalar - 1, insertion.right)
    }

    /// Calls `body` with the scalars that these events inserted, ascending.
    func forEachInserted(by events: Range<Int>, _ body: (Range<Int>) -> Void) {
        var index = insertions.partitioningIndex { $0.origin.first >= events.lowerBound }
        if index > 0, insertions[index - 1].origin.isStepwise { index -= 1 }
        while index < insertions.count, insertions[index].origin.first < events.upperBound {
            let all = scalars(of: index)
            let part = insertions[index].origin.part(of: events, count: all.count)
            if !part.isEmpty { body(all.lowerBound + part.lowerBound..<all.lowerBound + part.upperBound) }
            index += 1
        }
    }

    /// Calls `body` with the scalars that these events deleted, and the record.
    func forEachDeleted(by events: Range<Int>, _ body: (Range<Int>) -> Void) {
        var index = deletions.partitioningIndex { $0.origin.first >= events.lowerBound }
        if index > 0, deletions[index - 1].origin.isStepwise { index -= 1 }
        while index < deletions.count, deletions[index].origin.first < events.upperBound {
            let record = deletions[index]
            let part = record.origin.part(of: events, count: Int(record.count))
            if !part.isEmpty { body(record.scalars(part)) }
            index += 1
        }
    }
}

extension EditLog.Deletion {
    /// The scalars that were deleted as the n-th, for n in a range.
    func scalars(_ part: Range<Int>) -> Range<Int> {
        let first = Int(scalar)
        if isBackwards, origin.isStepwise {
            return first + Int(count) - part.upperBound..<first + Int(count) - part.lowerBound
        }
        return first + part.lowerBound..<first + part.upperBound
    }
}

/// The events that a record is of: one, or as many as it has scalars.
struct EventSpan: Sendable {
    private var bits: UInt32

    init(_ event: Int) { bits = UInt32(event) }

    /// Of consecutive events from `first` on, one for each scalar.
    init(stepwiseFrom first: Int) { bits = UInt32(first) | 1 << 31 }

    var first: Int { Int(bits & ~(1 << 31)) }

    /// Whether each scalar is of an event of its own.
    var isStepwise: Bool { bits >> 31 == 1 }

    @inline(__always)
    func event(at offset: Int) -> Int { isStepwise ? first + offset : first }

    /// The scalars, by offset, of a record of so many that are of these events.
    func part(of events: Range<Int>, count: Int) -> Range<Int> {
        guard isStepwise else { return events.contains(first) ? 0..<count : 0..<0 }
        let start = min(max(events.lowerBound - first, 0), count)
        return start..<max(start, min(events.upperBound - first, count))
    }

    /// The span of a record of `length` scalars to which an event adds `count`, if that can be one record.
    func extended(to event: Int, covering length: Int, adding count: Int) -> EventSpan? {
        if event == first, !isStepwise { return self }
        if count == 1, event == first + length, isStepwise || length == 1 {
            return EventSpan(stepwiseFrom: first)
        }
        return nil
    }
}
