import TextCRDT

/// The bytes of a text with its history, of an update, or of one edit: they are read or refused, what was read
/// is written and read again as the same, and goes together with what was there before.
enum HistoryTarget {
    private static let agent = TextAgent(high: 1, low: 2)

    static func check(_ bytes: [UInt8]) throws {
        var here = Text(agent: agent)
        try here.insert("Beste jury", atScalar: 0)
        try here.delete(scalars: 0..<6)
        let before = here.encoded()
        do {
            try here.merge(bytes)
        } catch {
            try promise(here.encoded() == before, "a failed merge leaves a trace")
        }
        try checkWhole(here)
        if let read = try? TextHistory(encoded: bytes) {
            let text = Text(agent: agent, history: read)
            try checkRound(text)
            try checkWhole(text)
        }
    }

    private static func checkRound(_ text: Text) throws {
        let again = try TextHistory(encoded: text.encoded())
        try promise(again.heads == text.version, "other heads after a round")
        try promise(again.merged() == text.history.merged(), "another text after a round")
        try promise(again.encoded() == text.encoded(), "other bytes after a round")
    }

    /// An open text puts in place what a file orders as a whole: both have to agree on any neighbours that were taken.
    private static func checkWhole(_ text: Text) throws {
        let merged = text.history.merged()
        try promise(merged.text.utf8.elementsEqual(text.string.utf8), "two texts of one history")
        var further = text
        guard (try? further.insert("!", atScalar: 0)) != nil else { return }
        try promise(further.history.replay?.tree.brokenInvariant() == nil, "a broken tree")
        let read = try TextHistory(encoded: further.encoded())
        try promise(read.text.utf8.elementsEqual(further.string.utf8), "a file has another text")
    }
}
