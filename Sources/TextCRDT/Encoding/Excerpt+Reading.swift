extension Excerpt {
    /// What stands in front of the columns.
    struct Head {
        var isWithoutDeleted: Bool
        var hasForeign: Bool
        var text: UnsafeBufferPointer<UInt8>?

        init(_ file: inout ColumnReader) throws(TextError) {
            let magic = [file.byte(), file.byte()]
            guard magic == Excerpt.magic else { throw .malformed }
            guard file.byte() == Excerpt.version else { throw .unsupported }
            let flags = file.byte()
            guard flags < 8, !file.isBroken else { throw .unsupported }
            isWithoutDeleted = flags & Excerpt.withoutDeleted != 0
            hasForeign = flags & Excerpt.withForeign != 0
            if flags & Excerpt.withText != 0 {
                text = file.take(file.count(below: ColumnReader.longest))
                guard !file.isBroken else { throw .malformed }
            }
        }
    }

    /// Reads what `encoded` wrote. The time and memory that any bytes take are bounded by their number.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(TextError) {
        var file = ColumnReader(bytes)
        let head = try Head(&file)
        guard let agents = Self.agents(&file) else { throw .malformed }
        self.agents = agents
        if head.hasForeign { readForeign(&file) }
        var inflater = Inflater()
        // What takes no bytes of its own, because it is like what stands before, is bounded too.
        let free = bytes.count * Deflate.mostFromOne
        let causality = file.column(&inflater)
        guard causality.withBytes({ readRuns($0, limit: free + (1 << 24)) }) else { throw .malformed }
        let columns = (0..<4).map { _ in file.column(&inflater) }
        let content = file.column(&inflater)
        guard !file.isBroken, file.isAtEnd else { throw .malformed }
        let limit = head.isWithoutDeleted ? content.count + free + (1 << 20) : content.count
        var operations = OperationReading(self, limit: limit)
        guard operations.run(columns) else { throw .malformed }
        (insertions, deletions) = (operations.insertions, operations.deletions)
        (index, hooks) = (operations.index, operations.hooks)
        guard let scalars = Self.content(content, operations, head.isWithoutDeleted),
            scalars.count == operations.scalarCount
        else { throw .malformed }
        self.scalars = scalars
    }

    private static func agents(_ file: inout ColumnReader) -> [TextAgent]? {
        let count = file.count(below: 1 << 20)
        var agents: [TextAgent] = []
        for _ in 0..<count {
            if file.isBroken { return [] }
            var halves: [UInt64] = [0, 0]
            for half in 0..<2 { for _ in 0..<8 { halves[half] = halves[half] << 8 | UInt64(file.byte()) } }
            let agent = TextAgent(high: halves[0], low: halves[1])
            if let last = agents.last, agent <= last { return nil }
            agents.append(agent)
        }
        return agents
    }

    private mutating func readForeign(_ file: inout ColumnReader) {
        func event() -> TextEventID {
            let agent = file.count(below: agents.count)
            let sequence = file.number()
            return TextEventID(
                agent: agent < agents.count ? agents[agent] : TextAgent(high: 0, low: 0), sequence: sequence)
        }
        for _ in 0..<file.count(below: CausalGraph.limit) {
            if file.isBroken { return }
            foreignEvents.append(event())
        }
        for _ in 0..<file.count(below: CausalGraph.limit) {
            if file.isBroken { return }
            let event = event()
            let offset = file.count(below: EditLog.limit)
            let count = file.count(below: EditLog.limit)
            foreignScalars.append(
                Foreign(event: event, offset: offset >> 1, count: count, isStepwise: offset & 1 == 1))
        }
    }

    private mutating func readRuns(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int) -> Bool {
        var column = ColumnReader(bytes)
        let count = column.count(below: bytes.count + 1)
        let limit = min(limit, CausalGraph.limit)
        var next = [UInt64](repeating: 1, count: agents.count)
        runs.reserveCapacity(count)
        // A text that one person began names no parents; there are many such.
        if count > 1 { parents.reserveCapacity(count) }
        var eventCount = 0
        for _ in 0..<count {
            let agent = column.count(below: agents.count)
            let events = column.count(below: CausalGraph.limit) + 1
            let jump = UInt64(bitPattern: Int64(column.signed()))
            let parentCount = column.count(below: bytes.count)
            guard !column.isBroken, events <= limit - eventCount else { return false }
            let sequence = next[agent] &+ jump
            if UInt64.max - sequence < UInt64(events - 1) { return false }
            next[agent] = sequence &+ UInt64(events)
            let start = parents.count
            for _ in 0..<parentCount {
                let reference = column.count(below: CausalGraph.limit << 1)
                let number = reference >> 1
                guard !column.isBroken,
                    reference & 1 == 1 ? number < foreignEvents.count : number > 0 && number <= eventCount
                else { return false }
                parents.append(
                    reference & 1 == 1 ? Self.firstForeign + UInt32(number) : UInt32(eventCount - number))
            }
            if parentCount == 1, goesOn(with: agent, sequence, parents[start], eventCount) {
                parents.removeLast()
            } else {
                runs.append(
                    CausalGraph.Run(
                        first: UInt32(eventCount), agent: UInt32(agent), sequence: sequence,
                        parents: UInt32(start)))
            }
            eventCount += events
        }
        self.eventCount = eventCount
        return !column.isBroken && column.isAtEnd
    }

    /// Whether what is made on this one event goes on with the last run. After the last number comes none.
    private func goesOn(with agent: Int, _ sequence: UInt64, _ parent: UInt32, _ eventCount: Int) -> Bool {
        guard let last = runs.last, Int(parent) == eventCount - 1, last.agent == agent else { return false }
        return sequence > last.sequence && sequence - last.sequence == UInt64(eventCount - Int(last.first))
    }

    /// The scalars; where the text of deleted ones was left out a substitute stands for each.
    private static func content(_ column: Column, _ operations: OperationReading, _ isWithoutDeleted: Bool)
        -> ScalarStore?
    {
        guard let kept = ScalarStore(validating: column.array) else { return nil }
        guard isWithoutDeleted else { return kept }
        var deleted = ScalarSet()
        deleted.grow(to: operations.scalarCount)
        for record in operations.deletions where !Excerpt.isForeign(record.scalar) {
            deleted.insert(Int(record.scalar)..<Int(record.scalar + record.count))
        }
        guard kept.count == operations.scalarCount - deleted.count(in: 0..<operations.scalarCount) else {
            return nil
        }
        var all: [UInt8] = []
        all.reserveCapacity(operations.scalarCount)
        var (start, place) = (0, 0)
        while start < operations.scalarCount {
            let end = deleted.end(ofStretchFrom: start, limit: operations.scalarCount)
            if deleted.contains(start) {
                all.append(contentsOf: repeatElement(TextHistory.substitute, count: end - start))
            } else {
                all += kept.bytes[kept.offsets(of: place..<place + end - start)]
                place += end - start
            }
            start = end
        }
        return ScalarStore(wellFormed: all)
    }
}

extension TextError {
    static var malformed: TextError {
        TextError(
            .malformed, "These bytes are no text, or were damaged.", remedy: "Take another copy of the text.")
    }

    static var unsupported: TextError {
        TextError(
            .unsupported, "These bytes are of a newer form of texts.", remedy: "Update this program.")
    }
}
