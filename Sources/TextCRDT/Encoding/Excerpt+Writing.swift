/// The form of a text in bytes. Numbers are unsigned LEB128, *signed* ones zigzag before that.
///
/// | part | bytes |
/// |---|---|
/// | head | `VT`, version 1, flags: 1 without deleted text, 2 with the text in front, 4 foreign names follow |
/// | text | where flagged: length, UTF-8 |
/// | agents | count, 16 bytes each, rising |
/// | foreign | where flagged: events (count; agent, sequence), scalars (count; agent, sequence, offset << 1 or stepwise, count) |
/// | columns | of the runs of events, of the operations, and of what was inserted: length << 1 or compressed, [length in bytes], bytes |
///
/// Column 1: number of runs; for each agent, events less 1, signed difference of its sequence from the one
/// that the agent's last run would go on with, number of parents, for each parent: distance << 1 back from
/// the run, or foreign << 1 or 1.
///
/// Column 2: number of operations, and a byte for each, of `Flag`; 3: scalars less 1; 4: places; 5: what
/// flags ask for. They stand in the order of their events, insertions first. A place is the scalar on which
/// an insertion hangs, or the first that is deleted, as a signed difference from where the caret was left:
/// at the last scalar that was inserted, or before those deleted. Column 6: UTF-8.
extension Excerpt {
    static let version: UInt8 = 1
    static let magic: [UInt8] = [0x56, 0x54]
    static let withoutDeleted: UInt8 = 1
    static let withText: UInt8 = 2
    static let withForeign: UInt8 = 4

    enum Flag {
        static let deletion: UInt8 = 1
        static let stepwise: UInt8 = 2
        /// The event is not the one after that of the operation before: signed difference.
        static let jump: UInt8 = 4
        /// The place is the number of a foreign scalar.
        static let foreign: UInt8 = 8
        /// The insertion hangs on the scalar that followed, which is held here and had the same left neighbour.
        static let before: UInt8 = 16
        /// The right neighbour is not that of the left one, as far as it is held here: 0 for the end, or 1 more
        /// than the distance back << 1, or than the number of a foreign one << 1 or 1.
        static let right: UInt8 = 32
        static let backwards: UInt8 = 64
    }

    /// - Parameters:
    ///   - text: what to put in front, for readers in a hurry.
    ///   - deleted: nil, or the scalars whose text is left out.
    func encoded(text: String?, deleted: ScalarSet?, isCompressed: Bool) -> [UInt8] {
        var file = ColumnWriter()
        file.append(Self.magic)
        file.byte(Self.version)
        let hasForeign = refersToForeign
        file.byte(
            (deleted == nil ? 0 : Self.withoutDeleted) | (text == nil ? 0 : Self.withText)
                | (hasForeign ? Self.withForeign : 0))
        if let text {
            file.number(text.utf8.count)
            file.append(text.utf8)
        }
        let named = Set(
            runs.map { agents[Int($0.agent)] } + foreignEvents.map(\.agent)
                + foreignScalars.map(\.event.agent)
        ).sorted()
        var numbers: [TextAgent: Int] = [:]
        file.number(named.count)
        for (number, agent) in named.enumerated() {
            numbers[agent] = number
            for half in [agent.high, agent.low] {
                for byte in (0..<8).reversed() {
                    file.byte(UInt8(truncatingIfNeeded: half >> (8 * UInt64(byte))))
                }
            }
        }
        if hasForeign { writeForeign(to: &file, numbers) }
        file.column(graphColumn(numbers), isCompressed: isCompressed)
        var writing = OperationWriting(self)
        writing.run()
        for column in writing.columns { file.column(column.bytes, isCompressed: isCompressed) }
        file.column(content(without: deleted), isCompressed: isCompressed)
        return file.bytes
    }

    private func writeForeign(to file: inout ColumnWriter, _ numbers: [TextAgent: Int]) {
        file.number(foreignEvents.count)
        for event in foreignEvents {
            file.number(numbers[event.agent] ?? 0)
            file.number(event.sequence)
        }
        file.number(foreignScalars.count)
        for foreign in foreignScalars {
            file.number(numbers[foreign.event.agent] ?? 0)
            file.number(foreign.event.sequence)
            file.number(foreign.offset << 1 | (foreign.isStepwise ? 1 : 0))
            file.number(foreign.count)
        }
    }

    private func graphColumn(_ numbers: [TextAgent: Int]) -> [UInt8] {
        var column = ColumnWriter()
        column.number(runs.count)
        var next = [UInt64](repeating: 1, count: numbers.count)
        for (index, run) in runs.enumerated() {
            let agent = numbers[agents[Int(run.agent)]] ?? 0
            let events = events(ofRun: index)
            column.number(agent)
            column.number(events.count - 1)
            column.signed(Int(bitPattern: UInt(run.sequence &- next[agent])))
            next[agent] = run.sequence &+ UInt64(events.count)
            let parents = parents(ofRun: index)
            column.number(parents.count)
            for parent in parents {
                let isForeign = Self.isForeign(parent)
                let number = isForeign ? parent - Self.firstForeign : run.first - parent
                column.number(UInt64(number) << 1 | (isForeign ? 1 : 0))
            }
        }
        return column.bytes
    }

    private func content(without deleted: ScalarSet?) -> [UInt8] {
        guard let deleted else { return scalars.bytes }
        var bytes: [UInt8] = []
        var start = 0
        while start < scalars.count {
            let end = deleted.end(ofStretchFrom: start, limit: scalars.count)
            if !deleted.contains(start) { bytes += scalars.bytes[scalars.offsets(of: start..<end)] }
            start = end
        }
        return bytes
    }
}

private struct OperationWriting {
    private let excerpt: Excerpt
    private(set) var columns = [ColumnWriter](repeating: ColumnWriter(), count: 4)
    private var caret = 0
    private var nextEvent = 0
    private var nextInsertion = 0

    init(_ excerpt: Excerpt) { self.excerpt = excerpt }

    mutating func run() {
        columns[0].number(excerpt.insertions.count + excerpt.deletions.count)
        for deletion in excerpt.deletions {
            while nextInsertion < excerpt.insertions.count,
                excerpt.insertions[nextInsertion].origin.first <= deletion.origin.first
            {
                writeInsertion()
            }
            write(deletion)
        }
        while nextInsertion < excerpt.insertions.count { writeInsertion() }
    }

    private mutating func writeEvent(_ origin: EventSpan, _ count: Int, _ flags: inout UInt8) -> Int? {
        let jump = origin.first - nextEvent
        if origin.isStepwise { flags |= Excerpt.Flag.stepwise }
        if jump != 0 { flags |= Excerpt.Flag.jump }
        columns[1].number(count - 1)
        nextEvent = origin.first + (origin.isStepwise ? count : 1)
        return jump == 0 ? nil : jump
    }

    private mutating func writePlace(_ name: UInt32, _ flags: inout UInt8) {
        if Excerpt.isForeign(name) {
            flags |= Excerpt.Flag.foreign
            columns[2].number(UInt64(name - Excerpt.firstForeign))
        } else {
            columns[2].signed((name == EditLog.edge ? -1 : Int(name)) - caret)
        }
    }

    private mutating func writeInsertion() {
        let record = excerpt.insertions[nextInsertion]
        let scalars = excerpt.scalars(of: nextInsertion)
        nextInsertion += 1
        var flags: UInt8 = 0
        let jump = writeEvent(record.origin, scalars.count, &flags)
        var right: UInt32?
        if record.right != EditLog.edge, left(of: record.right) == record.left {
            flags |= Excerpt.Flag.before
            writePlace(record.right, &flags)
        } else {
            writePlace(record.left, &flags)
            if self.right(of: record.left) != record.right {
                flags |= Excerpt.Flag.right
                right = record.right
            }
        }
        columns[0].byte(flags)
        if let jump { columns[3].signed(jump) }
        if let right {
            if right == EditLog.edge {
                columns[3].number(0)
            } else {
                let isForeign = Excerpt.isForeign(right)
                let number = isForeign ? right - Excerpt.firstForeign : UInt32(scalars.lowerBound) - right
                columns[3].number(1 + (Int(number) << 1 | (isForeign ? 1 : 0)))
            }
        }
        caret = scalars.upperBound - 1
    }

    private mutating func write(_ deletion: EditLog.Deletion) {
        var flags = Excerpt.Flag.deletion
        let jump = writeEvent(deletion.origin, Int(deletion.count), &flags)
        if deletion.isBackwards { flags |= Excerpt.Flag.backwards }
        writePlace(deletion.isBackwards ? deletion.scalar + deletion.count - 1 : deletion.scalar, &flags)
        columns[0].byte(flags)
        if let jump { columns[3].signed(jump) }
        if !Excerpt.isForeign(deletion.scalar) { caret = Int(deletion.scalar) - 1 }
    }

    /// The neighbours of a scalar that is held here, or of the edge.
    private func left(of name: UInt32) -> UInt32? {
        if Excerpt.isForeign(name) { return nil }
        let index = excerpt.insertions.partitioningIndex { $0.scalar > name } - 1
        let record = excerpt.insertions[index]
        return name == record.scalar ? record.left : name - 1
    }

    private func right(of name: UInt32) -> UInt32? {
        if name == EditLog.edge { return name }
        if Excerpt.isForeign(name) { return nil }
        return excerpt.insertions[excerpt.insertions.partitioningIndex { $0.scalar > name } - 1].right
    }
}
