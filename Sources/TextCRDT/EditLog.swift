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
    private var index = BlockIndex()
    /// Most scalars that were ever inserted in one text.
    static let limit = 1 << 30

    /// The number of scalars that were ever inserted.
    var count: Int { scalars.count }

    init() {}

    /// Takes over the records of an excerpt that refers to nothing foreign.
    init(_ excerpt: borrowing Excerpt) {
        insertions = excerpt.insertions
        deletions = excerpt.deletions
        scalars = excerpt.scalars
        index =
            excerpt.index
            ?? excerpt.insertions.withUnsafeBufferPointer { all in
                BlockIndex(of: all.count, excerpt.scalars.count) { Int(all[$0].scalar) }
            }
        deleted = ScalarSet(of: deletions, below: scalars.count)
    }

    // MARK: Appending

    /// Names what an event inserts, or one after the other; the scalars follow by `appendScalars`.
    mutating func insert(_ count: Int, by origin: EventSpan, left: UInt32, right: UInt32) {
        insertions.append(
            Insertion(scalar: UInt32(self.count), left: left, right: right, origin: origin), count: count)
    }

    mutating func appendScalars(_ text: String) {
        scalars.append(text)
        index.grow(to: scalars.count, of: insertions.count - 1)
    }

    mutating func appendScalars(wellFormed text: UnsafeBufferPointer<UInt8>) {
        scalars.append(wellFormed: text)
        index.grow(to: scalars.count, of: insertions.count - 1)
    }

    /// Names scalars that one event deletes, of which it deletes others before or after.
    mutating func delete(_ range: Range<Int>, by event: Int) {
        deleted.insert(range)
        deletions.append(range, by: event)
    }

    mutating func trim() {
        insertions.trim()
        deletions.trim()
        scalars.trim()
    }

    // MARK: Asking

    /// For questions that are asked often, without a look at who holds the arrays for each.
    @inline(__always)
    func withView<Result>(_ body: (LogView) throws -> Result) rethrows -> Result {
        try insertions.withUnsafeBufferPointer { insertions in
            try index.withBlocks { try body(LogView(insertions, $0, count)) }
        }
    }

    /// The number of the insertion that a scalar is of.
    func insertion(of scalar: UInt32) -> Int {
        if let last = insertions.last, scalar >= last.scalar { return insertions.count - 1 }
        return index.find(Int(scalar), in: insertions) { $0.scalar }
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

    /// The number of a scalar among those of its event.
    ///
    /// Only the first event of a stepwise record may have made others before, and only the last others after.
    func offset(of scalar: UInt32) -> Int {
        var index = insertion(of: scalar)
        let record = insertions[index]
        if record.origin.isStepwise, scalar > record.scalar { return 0 }
        let event = record.origin.first
        var offset = Int(scalar - record.scalar)
        while index > 0 {
            index -= 1
            let count = scalars(of: index).count
            let origin = insertions[index].origin
            guard origin.event(at: count - 1) == event else { break }
            if origin.isStepwise { return offset + 1 }
            offset += count
        }
        return offset
    }

    /// The scalar that an event made as the n-th.
    func scalar(_ offset: Int, by event: Int) -> Int? {
        var (skip, found): (Int, Int?) = (offset, nil)
        forEachInserted(by: event..<event + 1) { range in
            if found == nil, skip < range.count { found = range.lowerBound + skip }
            skip -= range.count
        }
        return found
    }

    /// The neighbours of a scalar in the version it was inserted into.
    func neighbours(of scalar: UInt32) -> (left: UInt32, right: UInt32) {
        let insertion = insertions[self.insertion(of: scalar)]
        return (scalar == insertion.scalar ? insertion.left : scalar - 1, insertion.right)
    }

    /// Calls `body` with each insertion that these events made or were part of, and its scalars that are theirs.
    func forEachInsertion(by events: Range<Int>, _ body: (Int, Range<Int>) -> Void) {
        var index = insertions.partitioningIndex { $0.origin.first >= events.lowerBound }
        if index > 0, insertions[index - 1].origin.isStepwise { index -= 1 }
        while index < insertions.count, insertions[index].origin.first < events.upperBound {
            let all = scalars(of: index)
            let part = insertions[index].origin.part(of: events, count: all.count)
            if !part.isEmpty {
                body(index, all.lowerBound + part.lowerBound..<all.lowerBound + part.upperBound)
            }
            index += 1
        }
    }

    /// Calls `body` with each deletion that these events made or were part of, and which steps of it are theirs.
    func forEachDeletion(by events: Range<Int>, _ body: (Int, Range<Int>) -> Void) {
        var index = deletions.partitioningIndex { $0.origin.first >= events.lowerBound }
        if index > 0, deletions[index - 1].origin.isStepwise { index -= 1 }
        while index < deletions.count, deletions[index].origin.first < events.upperBound {
            let part = deletions[index].origin.part(of: events, count: Int(deletions[index].count))
            if !part.isEmpty { body(index, part) }
            index += 1
        }
    }

    /// Calls `body` with the scalars that these events inserted, ascending.
    func forEachInserted(by events: Range<Int>, _ body: (Range<Int>) -> Void) {
        forEachInsertion(by: events) { _, scalars in body(scalars) }
    }

    /// Calls `body` with the scalars that these events deleted.
    func forEachDeleted(by events: Range<Int>, _ body: (Range<Int>) -> Void) {
        forEachDeletion(by: events) { index, part in body(deletions[index].scalars(part)) }
    }
}

extension EditLog.Deletion {
    /// The scalars that were deleted as the n-th, for n in a range.
    func scalars(_ part: Range<Int>) -> Range<Int> {
        let first = Int(scalar)
        if isBackwards {
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

    /// The span of this record and the next one, of so many scalars each, if they can be one.
    func joined(with next: EventSpan, _ length: Int, _ added: Int) -> EventSpan? {
        if !isStepwise, !next.isStepwise, first == next.first { return self }
        let isSteps = (isStepwise || length == 1) && (next.isStepwise || added == 1)
        return isSteps && next.first == first + length ? EventSpan(stepwiseFrom: first) : nil
    }
}

extension [EditLog.Insertion] {
    /// Appends a record of so many scalars, or lengthens the last one by it.
    mutating func append(_ record: EditLog.Insertion, count added: Int) {
        if let last, record.left != EditLog.edge, record.left + 1 == record.scalar,
            record.right == last.right,
            let origin = last.origin.joined(with: record.origin, Int(record.scalar - last.scalar), added)
        {
            self[count - 1].origin = origin
        } else {
            append(record)
        }
    }
}

extension [EditLog.Deletion] {
    /// Appends what one event deleted, or lengthens the last record by it.
    ///
    /// What a record becomes must not depend on how its scalars were divided, so only single ones are joined
    /// backwards.
    mutating func append(_ range: Range<Int>, by event: Int) {
        let (start, added) = (UInt32(range.lowerBound), UInt32(range.count))
        if let last, let origin = last.origin.joined(with: EventSpan(event), Int(last.count), range.count) {
            if start == last.scalar + last.count, !last.isBackwards {
                self[count - 1].count += added
                self[count - 1].origin = origin
                return
            }
            if origin.isStepwise, start + 1 == last.scalar, last.isBackwards || last.count == 1 {
                self[count - 1] = EditLog.Deletion(
                    scalar: start, count: last.count + 1, origin: origin, isBackwards: true)
                return
            }
        }
        append(EditLog.Deletion(scalar: start, count: added, origin: EventSpan(event)))
    }
}
