/// Reads the columns of operations.
struct OperationReading {
    private(set) var insertions: [EditLog.Insertion] = []
    private(set) var deletions: [EditLog.Deletion] = []
    private(set) var scalarCount = 0

    private let limit: Int
    private let eventCount: Int
    private let foreign: [Excerpt.Foreign]
    private(set) var index = BlockIndex()
    private var caret = 0
    private var nextEvent = 0
    /// How many deletions of scalars there may be, so that a short file cannot make long work.
    private var budget: Int

    /// - Parameter limit: most scalars that may be inserted.
    init(_ excerpt: Excerpt, limit: Int) {
        self.limit = min(limit, EditLog.limit)
        eventCount = excerpt.eventCount
        foreign = excerpt.foreignScalars
        budget = 1 << 25
    }

    /// Whether all was well.
    mutating func run(_ columns: [[UInt8]]) -> Bool {
        columns[1].withUnsafeBufferPointer { heads in
            columns[2].withUnsafeBufferPointer { counts in
                columns[3].withUnsafeBufferPointer { places in
                    columns[4].withUnsafeBufferPointer { extras in
                        var columns = Columns(
                            heads: ColumnReader(heads), counts: ColumnReader(counts),
                            places: ColumnReader(places), extras: ColumnReader(extras))
                        return read(&columns, limit: heads.count)
                    }
                }
            }
        }
    }

    private struct Columns {
        var heads: ColumnReader
        var counts: ColumnReader
        var places: ColumnReader
        var extras: ColumnReader

        var isBroken: Bool { heads.isBroken || counts.isBroken || places.isBroken || extras.isBroken }
        var isAtEnd: Bool { heads.isAtEnd && counts.isAtEnd && places.isAtEnd && extras.isAtEnd }
    }

    private mutating func read(_ columns: inout Columns, limit: Int) -> Bool {
        let count = columns.heads.count(below: limit + 1)
        guard !columns.isBroken else { return false }
        insertions.reserveCapacity(count)
        for _ in 0..<count {
            let flags = columns.heads.byte()
            let scalars = columns.counts.count(below: EditLog.limit) + 1
            if flags & Excerpt.Flag.jump != 0 {
                nextEvent += min(max(columns.extras.signed(), -nextEvent), eventCount)
            }
            let isStepwise = flags & Excerpt.Flag.stepwise != 0
            let origin = isStepwise ? EventSpan(stepwiseFrom: nextEvent) : EventSpan(nextEvent)
            let last = insertions.last?.origin.first ?? 0
            nextEvent += isStepwise ? scalars : 1
            guard nextEvent <= eventCount, origin.first >= last,
                origin.first >= deletions.last?.origin.first ?? 0
            else { return false }
            let isRead =
                flags & Excerpt.Flag.deletion != 0
                ? readDeletion(flags, origin, scalars, &columns)
                : readInsertion(flags, origin, scalars, &columns)
            guard isRead, !columns.isBroken else { return false }
        }
        // A record may delete what one of its later events inserted itself.
        let isWhole = deletions.allSatisfy {
            Excerpt.isForeign($0.scalar) || Int($0.scalar) + Int($0.count) <= scalarCount
        }
        return isWhole && columns.isAtEnd
    }

    /// The name at a place, below a limit; nil for one that does not exist.
    private mutating func place(_ flags: UInt8, below limit: Int, _ columns: inout Columns) -> UInt32? {
        if flags & Excerpt.Flag.foreign != 0 {
            let number = columns.places.count(below: foreign.count)
            return number < foreign.count ? Excerpt.firstForeign + UInt32(number) : nil
        }
        let name = caret &+ columns.places.signed()
        if name == -1 { return EditLog.edge }
        return name >= 0 && name < limit ? UInt32(name) : nil
    }

    private mutating func readInsertion(
        _ flags: UInt8, _ origin: EventSpan, _ count: Int, _ columns: inout Columns
    ) -> Bool {
        guard count <= limit - scalarCount, let place = place(flags, below: scalarCount, &columns)
        else { return false }
        var (left, right) = (place, EditLog.edge)
        if flags & Excerpt.Flag.before != 0 {
            guard place < Excerpt.firstForeign else { return false }
            (left, right) = (leftNeighbour(of: place), place)
        } else if flags & Excerpt.Flag.right != 0 {
            guard let named = readRight(&columns) else { return false }
            right = named
        } else if place < Excerpt.firstForeign {
            right = insertions[insertion(of: place)].right
        } else if place != EditLog.edge {
            return false
        }
        insertions.append(
            EditLog.Insertion(scalar: UInt32(scalarCount), left: left, right: right, origin: origin))
        scalarCount += count
        index.grow(to: scalarCount, of: insertions.count - 1)
        caret = scalarCount - 1
        return true
    }

    private mutating func readRight(_ columns: inout Columns) -> UInt32? {
        let value = columns.extras.count(below: EditLog.limit << 1)
        if value == 0 { return columns.extras.isBroken ? nil : EditLog.edge }
        let number = (value - 1) >> 1
        if (value - 1) & 1 == 1 {
            return number < foreign.count ? Excerpt.firstForeign + UInt32(number) : nil
        }
        return number > 0 && number <= scalarCount ? UInt32(scalarCount - number) : nil
    }

    private mutating func readDeletion(
        _ flags: UInt8, _ origin: EventSpan, _ count: Int, _ columns: inout Columns
    ) -> Bool {
        guard count <= budget, let place = place(flags, below: EditLog.limit, &columns), place != EditLog.edge
        else { return false }
        budget -= count
        let isBackwards = flags & Excerpt.Flag.backwards != 0
        guard !isBackwards || origin.isStepwise else { return false }
        if Excerpt.isForeign(place) {
            guard !origin.isStepwise, count == foreign[Int(place - Excerpt.firstForeign)].count else {
                return false
            }
            deletions.append(EditLog.Deletion(scalar: place, count: UInt32(count), origin: origin))
            return true
        }
        let first = isBackwards ? Int(place) - count + 1 : Int(place)
        guard first >= 0 else { return false }
        deletions.append(
            EditLog.Deletion(
                scalar: UInt32(first), count: UInt32(count), origin: origin, isBackwards: isBackwards))
        caret = first - 1
        return true
    }

    private func insertion(of name: UInt32) -> Int {
        if let last = insertions.last, name >= last.scalar { return insertions.count - 1 }
        return index.find(Int(name), in: insertions) { Int($0.scalar) }
    }

    private func leftNeighbour(of name: UInt32) -> UInt32 {
        let record = insertions[insertion(of: name)]
        return name == record.scalar ? record.left : name - 1
    }
}
