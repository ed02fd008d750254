package import TextCRDT

/// A history of a few events by a few authors, made up of choices, with what it comes to by the papers.
package struct SmallHistory: Sendable {
    package struct Event: Sendable {
        package var id: TextEventID
        /// As they are named: those that others have seen may be among them.
        package var parents: [TextEventID]
        package var operations: [TextOperation]
        /// What its author had.
        package var past: UInt64
    }

    /// How large it may become, and of what.
    package struct Shape: Sendable {
        package var authors: ClosedRange<Int>
        package var events: ClosedRange<Int>
        /// Whether authors type on where they were, look at older versions, leave numbers out and insert several
        /// scalars; otherwise there is nothing but single letters anywhere, in sight of anything.
        package var isLifelike: Bool

        package init(authors: ClosedRange<Int>, events: ClosedRange<Int>, isLifelike: Bool = true) {
            (self.authors, self.events, self.isLifelike) = (authors, events, isLifelike)
        }

        package static let random = Shape(authors: 2...4, events: 3...12)
    }

    package private(set) var events: [Event] = []
    package private(set) var tree = PaperTree()
    /// The text after each event, in the order in which they were made up.
    package private(set) var beginnings: [String] = []

    /// What they are of: after each number of events the same again.
    package init(_ shape: Shape, _ choices: inout some Choices) {
        let count = shape.events.lowerBound + choices.below(shape.events.count)
        let authors = shape.authors.lowerBound + choices.below(shape.authors.count)
        events.reserveCapacity(count)
        if shape.isLifelike {
            live(count, authors, &choices)
        } else {
            for _ in 0..<count { try? addAny(authors, &choices) }
        }
    }

    /// The same events, by the papers once more.
    package init(_ given: [Event]) {
        for event in given { add(event) }
    }

    package mutating func add(_ event: Event) {
        tree.begin(event.id, seeing: event.past)
        for operation in event.operations {
            switch operation {
            case .insert(let index, let text): tree.insert(text, at: index)
            case .delete(let index, let count): tree.delete(at: index, count: count)
            }
        }
        events.append(event)
        beginnings.append(tree.text(in: tree.all))
    }

    func ids(of set: UInt64) -> [TextEventID] {
        var ids: [TextEventID] = []
        for event in tree.ids.indices where set >> UInt64(event) & 1 == 1 { ids.append(tree.ids[event]) }
        return ids
    }

    // MARK: Of anything

    /// One letter put or taken anywhere, by anybody, in sight of any set of events.
    private mutating func addAny(_ authors: Int, _ choices: inout some Choices) throws {
        let number = events.count
        // By halves: an event is in it, or not. What they had seen is in it too.
        var heads: UInt64 = 0
        for event in (0..<number).reversed() where tree.closure(heads) >> UInt64(event) & 1 == 0 {
            if choices.below(2) == 1 { heads |= 1 << UInt64(event) }
        }
        let past = tree.closure(heads)
        let length = tree.length(in: past)
        // No two authors differ but in their order: who writes first is the first or the second.
        let agent = choices.below(authors)
        let place = choices.below(2 * length + 1)
        let operation: TextOperation =
            place <= length
            ? .insert(at: place, text: Self.letter(number)) : .delete(at: place - length - 1, count: 1)
        add(
            Event(
                id: TextEventID(agent: Self.agent(agent), sequence: UInt64(number + 1)),
                parents: ids(of: tree.heads(of: past)), operations: [operation], past: past))
    }

    static func agent(_ number: Int) -> TextAgent { TextAgent(high: 7, low: UInt64(number + 1)) }

    static func letter(_ number: Int) -> String {
        String(Unicode.Scalar(UInt8(ascii: "a") + UInt8(number % 26)))
    }

    // MARK: As people do

    private struct Author {
        var view: UInt64 = 0
        var sequence: UInt64 = 0
        var caret = 0
    }

    private mutating func live(_ count: Int, _ authors: Int, _ choices: inout some Choices) {
        var people = [Author](repeating: Author(), count: authors)
        while events.count < count {
            let who = choices.below(authors)
            if choices.below(3) == 0 {
                let other = people[choices.below(authors)]
                people[who].view |= other.view
                if choices.below(2) == 0 { people[who].caret = other.caret }
            }
            // Now and then an older view, as of a form that stayed open.
            var past = people[who].view
            if choices.below(16) == 0, !events.isEmpty {
                let event = choices.below(events.count)
                past = tree.pasts[event] | 1 << UInt64(event)
            }
            people[who].sequence += choices.below(8) == 0 ? 2 : 1
            var parents = ids(of: tree.heads(of: past))
            if choices.below(8) == 0, past != 0 { parents += ids(of: past & ~(past - 1)) }
            var length = tree.length(in: past)
            let operations = (0..<choices.below(9) / 8 + 1).map { _ in
                operation(on: &length, near: &people[who].caret, &choices)
            }
            add(
                Event(
                    id: TextEventID(agent: Self.agent(who), sequence: people[who].sequence), parents: parents,
                    operations: operations, past: past))
            people[who].view |= past | 1 << UInt64(events.count - 1)
        }
    }

    private func operation(on length: inout Int, near caret: inout Int, _ choices: inout some Choices)
        -> TextOperation
    {
        if choices.below(2) == 0 { caret = choices.below(length + 1) }
        caret = min(caret, length)
        if length > 0, choices.below(3) == 0 {
            let index = min(caret, length - 1)
            let count = 1 + choices.below(min(3, length - index))
            length -= count
            caret = index
            return .delete(at: index, count: count)
        }
        var (text, count) = (Self.letter(events.count), 1)
        if choices.below(4) == 0 {
            text += choices.below(4) == 0 ? "é👩" : text + "."
            count += 2
        }
        let index = caret
        if choices.below(4) > 0 { caret += count }
        length += count
        return .insert(at: index, text: text)
    }
}
