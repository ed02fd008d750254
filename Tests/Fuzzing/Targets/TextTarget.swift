import TextCRDT

/// Events of a text with any parents and operations: each does to the version that it names what its
/// operations say and nothing else, and all orders of arrival make one text and one file, which is read again.
enum TextTarget {
    private struct Event {
        let id: TextEventID
        let parents: [TextEventID]
        let operations: [TextOperation]
    }

    /// So that the check stays quick enough to be asked often.
    private static let mostEvents = 48

    static func check(_ bytes: [UInt8]) throws {
        var tape = ByteTape(bytes)
        var history = TextHistory()
        var accepted: [Event] = []
        for number in 0..<mostEvents where !tape.isAtEnd {
            let event = event(UInt64(number), after: accepted, &tape)
            let heads = history.heads
            do {
                try history.add(event.id, parents: event.parents, operations: event.operations)
            } catch {
                try promise(history.heads == heads, "a failed event leaves a trace")
                try promise(
                    !history.contains(event.id) || error.code == .duplicateEvent, "a failed event stays")
                continue
            }
            let before = try history.text(at: event.parents)
            let after = try history.text(at: [event.id])
            try promise(
                applied(event.operations, to: before) == Array(after.unicodeScalars),
                "event \(number) does something else than its operations say")
            try promise(
                try history.length(at: [event.id]) == after.unicodeScalars.count, "a length that is not so")
            accepted.append(event)
        }
        try checkOrders(accepted, history)
    }

    private static func event(_ number: UInt64, after events: [Event], _ tape: inout ByteTape) -> Event {
        let agent = TextAgent(high: UInt64(tape.below(3)), low: 7)
        var parents: [TextEventID] = []
        if let last = events.last {
            switch tape.below(4) {
            case 0: parents = [last.id]
            case 1: parents = (0..<tape.below(4)).map { _ in tape.pick(events).id }
            case 2: parents = [last.id, tape.pick(events).id]
            default: parents = [TextEventID(agent: agent, sequence: tape.number())]
            }
        }
        let operations = (0..<tape.below(6)).map { _ in operation(&tape) }
        return Event(
            id: TextEventID(agent: agent, sequence: tape.below(16) == 15 ? tape.number() : number),
            parents: parents, operations: operations)
    }

    private static func operation(_ tape: inout ByteTape) -> TextOperation {
        let index = Int(truncatingIfNeeded: tape.number())
        guard tape.below(3) > 0 else {
            return .delete(at: index, count: Int(truncatingIfNeeded: tape.number()))
        }
        let words = ["a", "bc", "é", "e\u{301}", "👩‍👧", "", String(repeating: "x", count: 200)]
        return .insert(at: index, text: tape.pick(words))
    }

    private static func applied(_ operations: [TextOperation], to text: String) -> [Unicode.Scalar] {
        var scalars = Array(text.unicodeScalars)
        for operation in operations {
            switch operation {
            case .insert(let index, let text): scalars.insert(contentsOf: text.unicodeScalars, at: index)
            case .delete(let index, let count): scalars.removeSubrange(index..<index + count)
            }
        }
        return scalars
    }

    /// The same events again, each as late as the others allow.
    private static func checkOrders(_ events: [Event], _ history: TextHistory) throws {
        var other = TextHistory()
        var rest = Array(events.reversed())
        while let next = rest.firstIndex(where: { $0.parents.allSatisfy(other.contains) }) {
            let event = rest.remove(at: next)
            try other.add(event.id, parents: event.parents, operations: event.operations)
        }
        try promise(rest.isEmpty, "an event without its parents was taken")
        try promise(other.heads == history.heads, "another order has other heads")
        let merged = history.merged()
        try promise(other.merged() == merged, "another order makes another text")
        let bytes = history.encoded()
        try promise(other.encoded() == bytes, "another order makes other bytes")
        let read = try TextHistory(encoded: bytes)
        try promise(read.heads == history.heads, "other heads when read")
        try promise(read.merged() == merged, "another text when read")
    }
}
