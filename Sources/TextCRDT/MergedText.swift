/// The text that all events of a history make together.
public struct MergedText: Equatable, Sendable {
    /// A stretch of text that one event inserted.
    public struct Span: Hashable, Sendable {
        /// Offsets in the merged text, in Unicode scalars.
        public let range: Range<Int>
        /// The event that inserted it.
        public let event: TextEventID
    }

    /// All that was typed and not deleted.
    public let text: String
    /// Who wrote what: the whole text in order, in stretches as long as they can be.
    public let spans: [Span]
    /// Where concurrent writers met, by offset; at most one at each.
    public let overlaps: [TextOverlap]

    public static func == (lhs: MergedText, rhs: MergedText) -> Bool {
        lhs.text.utf8.elementsEqual(rhs.text.utf8) && lhs.spans == rhs.spans && lhs.overlaps == rhs.overlaps
    }
}

/// A place where two people wrote at once.
///
/// Two neighbouring scalars of the merged text overlap when all of this holds:
/// - the events that inserted them are concurrent, and of different agents;
/// - no text stands between them that both authors had seen when they wrote. Text that was deleted since does
///   stand there if everyone who deleted it had seen both insertions; if someone deleted it without having
///   seen both, it does not: two people who replace one passage, each in their own words, overlap.
///
/// It follows that insertions at different places of a text that still stands never overlap, that two first
/// texts of an empty document always do, and that an overlap ends when someone who saw both sides writes
/// between them or deletes one of them.
public struct TextOverlap: Hashable, Sendable {
    /// The two events, ascending.
    public let events: [TextEventID]
    /// Where the two meet in the merged text, in Unicode scalars: never its start or its end.
    public let offset: Int

    /// For oracles.
    package init(events: [TextEventID], offset: Int) {
        self.events = events
        self.offset = offset
    }
}
