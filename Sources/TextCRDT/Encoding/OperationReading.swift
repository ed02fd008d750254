/// Reads the columns of operations.
struct OperationReading {
    private(set) var insertions: [EditLog.Insertion] = []
    private(set) var deletions: [EditLog.Deletion] = []
    private(set) var scalarCount = 0
    private(set) var index = BlockIndex()
    /// What each insertion hangs on; of no use where something refers to what is held elsewhere.
    private(set) var hooks: [Hook] = []

    private let limit: Int
    private let eventCount: Int
    private let foreign: [Excerpt.Foreign]

    /// - Parameter limit: most scalars that may be inserted.
    init(_ excerpt: borrowing Excerpt, limit: Int) {
        self.limit = min(limit, EditLog.limit)
        eventCount = excerpt.eventCount
        foreign = excerpt.foreignScalars
    }

    /// Whether all was well.
    mutating func run(_ columns: [Column]) -> Bool {
        columns[0].withBytes { heads in
            columns[1].withBytes { counts in
                columns[2].withBytes { places in
                    columns[3].withBytes { extras in
                        read(heads, counts, places, extras)
                    }
                }
            }
        }
    }

    private mutating func read(
        _ heads: UnsafeBufferPointer<UInt8>, _ counts: UnsafeBufferPointer<UInt8>,
        _ places: UnsafeBufferPointer<UInt8>, _ extras: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        var heads = ColumnReader(heads)
        let count = heads.count(below: EditLog.limit)
        let flags = heads.rest()
        guard !heads.isBroken, flags.count == count, let scalars = measure(flags, counts) else {
            return false
        }
        scalarCount = scalars
        let removals = flags.reduce(0) { $0 &+ Int($1 & Excerpt.Flag.deletion) }
        let none = EventSpan(0)
        insertions = Array(
            repeating: EditLog.Insertion(scalar: 0, left: 0, right: 0, origin: none), count: count - removals)
        deletions = Array(repeating: EditLog.Deletion(scalar: 0, count: 0, origin: none), count: removals)
        hooks = Array(repeating: Hook(namesRight: false), count: insertions.count)
        var blocks = [UInt32](repeating: 0, count: BlockIndex.blocks(of: scalars))
        let (eventCount, foreign) = (eventCount, foreign)
        let isRead = insertions.withUnsafeMutableBufferPointer { insertions in
            deletions.withUnsafeMutableBufferPointer { deletions in
                hooks.withUnsafeMutableBufferPointer { hooks in
                    blocks.withUnsafeMutableBufferPointer { blocks in
                        var cursor = OperationCursor(
                            insertions, deletions, hooks, blocks, eventCount, foreign,
                            counts: ColumnReader(counts), places: ColumnReader(places),
                            extras: ColumnReader(extras))
                        return cursor.read(flags)
                    }
                }
            }
        }
        index = BlockIndex(of: insertions.count, blocks: blocks)
        return isRead
    }

    /// How many scalars are inserted; nil where they are too many.
    private func measure(_ flags: UnsafeBufferPointer<UInt8>, _ counts: UnsafeBufferPointer<UInt8>) -> Int? {
        var counts = ColumnReader(counts)
        var scalars = 0
        for flag in flags {
            let count = counts.count(below: EditLog.limit) + 1
            if flag & Excerpt.Flag.deletion != 0 { continue }
            guard count <= limit - scalars else { return nil }
            scalars += count
        }
        return counts.isBroken ? nil : scalars
    }
}

/// Goes through the columns once, and puts each operation where there is room for it.
private struct OperationCursor {
    private let insertions: UnsafeMutableBufferPointer<EditLog.Insertion>
    private let deletions: UnsafeMutableBufferPointer<EditLog.Deletion>
    private let hooks: UnsafeMutableBufferPointer<Hook>
    private let blocks: UnsafeMutableBufferPointer<UInt32>
    private let eventCount: Int
    private let foreign: [Excerpt.Foreign]
    private var counts: ColumnReader
    private var places: ColumnReader
    private var extras: ColumnReader

    private var inserted = 0
    private var deleted = 0
    private var scalarCount = 0
    private var filled = 0
    private var caret = 0
    private var nextEvent = 0
    /// How many deletions of scalars there may be, so that a short file cannot make long work.
    private var budget = 1 << 25
    /// How many scalars there have to be, for what deletions name.
    private var named = 0

    init(
        _ insertions: UnsafeMutableBufferPointer<EditLog.Insertion>,
        _ deletions: UnsafeMutableBufferPointer<EditLog.Deletion>,
        _ hooks: UnsafeMutableBufferPointer<Hook>, _ blocks: UnsafeMutableBufferPointer<UInt32>,
        _ eventCount: Int, _ foreign: [Excerpt.Foreign], counts: ColumnReader, places: ColumnReader,
        extras: ColumnReader
    ) {
        (self.insertions, self.deletions, self.hooks, self.blocks) = (insertions, deletions, hooks, blocks)
        (self.eventCount, self.foreign) = (eventCount, foreign)
        (self.counts, self.places, self.extras) = (counts, places, extras)
    }

    mutating func read(_ flags: UnsafeBufferPointer<UInt8>) -> Bool {
        var last = 0
        for flag in flags {
            let scalars = counts.count(below: EditLog.limit) + 1
            if flag & Excerpt.Flag.jump != 0 {
                nextEvent += min(max(extras.signed(), -nextEvent), eventCount)
            }
            let isStepwise = flag & Excerpt.Flag.stepwise != 0
            let first = nextEvent
            nextEvent += isStepwise ? scalars : 1
            guard nextEvent <= eventCount, first >= last else { return false }
            last = first
            let origin = isStepwise ? EventSpan(stepwiseFrom: first) : EventSpan(first)
            let isRead =
                flag & Excerpt.Flag.deletion != 0
                ? readDeletion(flag, origin, scalars) : readInsertion(flag, origin, scalars)
            guard isRead else { return false }
        }
        // A record may delete what one of its later events inserted itself.
        return named <= scalarCount && !counts.isBroken && !places.isBroken && !extras.isBroken
            && counts.isAtEnd && places.isAtEnd && extras.isAtEnd
    }

    /// The name at a place, below a limit; nil for one that does not exist.
    @inline(__always)
    private mutating func place(_ flags: UInt8, below limit: Int) -> UInt32? {
        if flags & Excerpt.Flag.foreign != 0 {
            let number = places.count(below: foreign.count)
            return number < foreign.count ? Excerpt.firstForeign + UInt32(number) : nil
        }
        let name = caret &+ places.signed()
        if name == -1 { return EditLog.edge }
        return name >= 0 && name < limit ? UInt32(truncatingIfNeeded: name) : nil
    }

    @inline(__always)
    private mutating func readInsertion(_ flags: UInt8, _ origin: EventSpan, _ count: Int) -> Bool {
        guard let place = place(flags, below: scalarCount) else { return false }
        var (left, right) = (place, EditLog.edge)
        var hook = Hook(namesRight: false)
        if flags & (Excerpt.Flag.before | Excerpt.Flag.right) == 0 {
            if place < Excerpt.firstForeign {
                let owner = view.insertion(of: place)
                right = insertions[owner].right
                hook = Hook(on: owner, isLeft: false)
            } else if place != EditLog.edge {
                return false
            }
        } else if flags & Excerpt.Flag.before != 0 {
            guard place < Excerpt.firstForeign else { return false }
            let owner = view.insertion(of: place)
            (left, right) = (view.left(of: place, in: owner), place)
            hook = Hook(on: owner, isLeft: true)
        } else {
            guard let named = readRight() else { return false }
            right = named
        }
        let scalar = UInt32(truncatingIfNeeded: scalarCount)
        let record = EditLog.Insertion(scalar: scalar, left: left, right: right, origin: origin)
        if flags & Excerpt.Flag.right != 0, !Excerpt.isForeign(left), !Excerpt.isForeign(right) {
            hook = view.hook(of: record)
        }
        insertions[inserted] = record
        hooks[inserted] = hook
        scalarCount += count
        while filled << BlockIndex.shift < scalarCount {
            blocks[filled] = UInt32(truncatingIfNeeded: inserted)
            filled += 1
        }
        inserted += 1
        caret = scalarCount - 1
        return true
    }

    private mutating func readRight() -> UInt32? {
        let value = extras.count(below: EditLog.limit << 1)
        if value == 0 { return extras.isBroken ? nil : EditLog.edge }
        let number = (value - 1) >> 1
        if (value - 1) & 1 == 1 {
            return number < foreign.count ? Excerpt.firstForeign + UInt32(number) : nil
        }
        return number > 0 && number <= scalarCount ? UInt32(scalarCount - number) : nil
    }

    @inline(__always)
    private mutating func readDeletion(_ flags: UInt8, _ origin: EventSpan, _ count: Int) -> Bool {
        guard count <= budget, let place = place(flags, below: EditLog.limit), place != EditLog.edge
        else { return false }
        budget -= count
        let isBackwards = flags & Excerpt.Flag.backwards != 0
        guard !isBackwards || origin.isStepwise else { return false }
        var first = Int(place)
        if Excerpt.isForeign(place) {
            guard !origin.isStepwise, count == foreign[Int(place - Excerpt.firstForeign)].count else {
                return false
            }
        } else {
            first = isBackwards ? Int(place) - count + 1 : Int(place)
            guard first >= 0 else { return false }
            named = max(named, first + count)
            caret = first - 1
        }
        deletions[deleted] = EditLog.Deletion(
            scalar: UInt32(truncatingIfNeeded: first), count: UInt32(truncatingIfNeeded: count),
            origin: origin,
            isBackwards: isBackwards)
        deleted += 1
        return true
    }

    /// What was inserted so far.
    @inline(__always)
    private var view: LogView {
        LogView(
            UnsafeBufferPointer(start: insertions.baseAddress, count: inserted),
            UnsafeBufferPointer(start: blocks.baseAddress, count: filled), scalarCount)
    }
}
