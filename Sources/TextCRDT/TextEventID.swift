/// A replica's 128-bit id, as two halves.
///
/// Order: unsigned, the high half first. The order is the tie-break between insertions that nothing else
/// orders, so every replica must compute it alike.
public struct TextAgent: Hashable, Comparable, Sendable {
    /// The first 64 bits, as a big-endian number.
    public let high: UInt64
    /// The last 64 bits.
    public let low: UInt64

    /// Takes the two halves as they are.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public static func < (lhs: TextAgent, rhs: TextAgent) -> Bool {
        (lhs.high, lhs.low) < (rhs.high, rhs.low)
    }
}

/// The name of one event: who made it, and its number among that replica's events.
///
/// Order: agent, then sequence. The sequence says nothing about causality: an agent may well make two
/// concurrent events (two windows, a retry of an old form).
public struct TextEventID: Hashable, Comparable, Sendable {
    /// Who made the event.
    public let agent: TextAgent
    /// Its number among the agent's events.
    public let sequence: UInt64

    /// Names an event, whether or not it exists.
    public init(agent: TextAgent, sequence: UInt64) {
        self.agent = agent
        self.sequence = sequence
    }

    /// Whether it is the event of the same agent with a number so much higher. After the last number comes none.
    func follows(_ other: TextEventID, by step: Int = 1) -> Bool {
        agent == other.agent && sequence > other.sequence && sequence - other.sequence == UInt64(step)
    }

    public static func < (lhs: TextEventID, rhs: TextEventID) -> Bool {
        (lhs.agent, lhs.sequence) < (rhs.agent, rhs.sequence)
    }
}
