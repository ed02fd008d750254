import TextCRDT

extension TextHistory {
    init(_ events: [Event]) throws {
        self.init()
        for event in events { try add(event) }
    }

    mutating func add(_ event: Event) throws {
        try add(event.id, parents: event.parents, operations: event.operations)
    }
}

/// Someone who edits by hand in a test: makes events one after the other, and merges when told.
struct Writer {
    let agent: TextAgent
    private(set) var history: TextHistory
    private(set) var events: [Event] = []
    private var sequence: UInt64 = 0

    /// `number` is the agent's place in the order that breaks ties.
    init(_ number: UInt64, knowing base: [Event] = []) throws {
        agent = TextAgent(high: 0, low: number)
        history = try TextHistory(base)
        events = base
    }

    var heads: [TextEventID] { history.heads }
    var text: String { history.merged().text }

    @discardableResult
    mutating func edit(_ operations: TextOperation...) throws -> TextEventID {
        sequence += 1
        let id = TextEventID(agent: agent, sequence: sequence)
        try learn([Event(id: id, parents: history.heads, operations: operations)])
        return id
    }

    /// Types letter by letter, each an event, forwards from an index.
    mutating func type(_ word: String, at index: Int) throws {
        for (step, letter) in word.enumerated() { try edit(.insert(at: index + step, text: String(letter))) }
    }

    /// Writes a word from its last letter to its first, always before what is there.
    mutating func prepend(_ word: String, at index: Int) throws {
        for letter in word.reversed() { try edit(.insert(at: index, text: String(letter))) }
    }

    mutating func learn(_ foreign: [Event]) throws {
        for event in foreign where !history.contains(event.id) {
            try history.add(event)
            events.append(event)
        }
    }
}
