/// A text that its people edit wherever they are, as one of them holds it.
///
///     var mine = Text(agent: laptop)
///     try mine.replace(with: "Beste jury")
///     var theirs = try Text(agent: phone, encoded: mine.encoded())
///     let edit = try theirs.insert(", beste allen", atScalar: 10)
///     try mine.merge(theirs.encoded(edit))
///     mine.string  // "Beste jury, beste allen"
///
/// Guarantee: texts that have taken over the same edits are equal, whatever the order in which those came,
/// how often, and in what pieces. Not guaranteed: that two values with one agent may both be edited; the
/// names of their edits would be the same.
public struct Text: Sendable {
    /// Who edits this value.
    public let agent: TextAgent
    /// Everything that is known of the text.
    public private(set) var history: TextHistory
    /// The highest number of this agent's edits.
    private var lastSequence: UInt64

    /// The empty text.
    public init(agent: TextAgent) {
        self.init(agent: agent, history: TextHistory())
    }

    /// Goes on from a history; edits of this agent in it are taken for its own.
    public init(agent: TextAgent, history: TextHistory) {
        self.agent = agent
        self.history = history
        lastSequence = history.graph.lastSequence(of: agent)
    }

    /// Reads what `encoded` wrote.
    /// - Throws: `malformed`, `unsupported`.
    public init(agent: TextAgent, encoded bytes: [UInt8]) throws(TextError) {
        self.init(agent: agent, history: try TextHistory(encoded: bytes))
    }

    /// The text, as new: take it once for many questions.
    public var string: String { history.text }

    /// The version that holds every edit.
    public var version: [TextEventID] { history.heads }

    // MARK: Editing

    /// Inserts before the scalar at this index, in the time of a search in a tree.
    /// - Throws: `outOfRange`, `emptyOperation`, `tooLong`, and `numbersUsedUp` where a forged edit of this agent took
    ///   the last one; a failed edit changes nothing.
    @discardableResult
    public mutating func insert(_ text: String, atScalar index: Int) throws(TextError) -> TextEdit {
        try edit([.insert(at: index, text: text)])
    }

    /// Deletes scalars.
    /// - Throws: `outOfRange`, `emptyOperation`; a failed edit changes nothing.
    @discardableResult
    public mutating func delete(scalars range: Range<Int>) throws(TextError) -> TextEdit {
        try edit([.delete(at: range.lowerBound, count: range.count)])
    }

    /// Inserts before a character of `string`, in the time of a pass over it.
    ///
    /// - Parameter string: the text as it is, which the index is of.
    /// - Throws: `tooLong`, `emptyOperation`; a failed edit changes nothing.
    @discardableResult
    public mutating func insert(_ text: String, at index: String.Index, in string: String)
        throws(TextError) -> TextEdit
    {
        try insert(text, atScalar: Self.offset(of: index, in: string))
    }

    /// Deletes a part of `string`, the text as it is.
    /// - Throws: `emptyOperation`; a failed edit changes nothing.
    @discardableResult
    public mutating func delete(_ range: Range<String.Index>, in string: String) throws(TextError) -> TextEdit
    {
        let start = Self.offset(of: range.lowerBound, in: string)
        let count = string.unicodeScalars[range].count
        return try delete(scalars: start..<start + count)
    }

    /// Edits what differs between the text and a new one, in one edit, and divides no grapheme cluster.
    ///
    /// - Returns: nil when nothing differs.
    /// - Throws: `tooLong`; a failed edit changes nothing.
    @discardableResult
    public mutating func replace(with new: String) throws(TextError) -> TextEdit? {
        let operations = TextDifference.difference(from: string, to: new)
        return operations.isEmpty ? nil : try edit(operations)
    }

    private mutating func edit(_ operations: [TextOperation]) throws(TextError) -> TextEdit {
        guard lastSequence < .max else {
            throw TextError(
                .numbersUsedUp, "This agent has no number left for an edit.", remedy: "Edit as another agent."
            )
        }
        let id = TextEventID(agent: agent, sequence: lastSequence + 1)
        let parents = history.graph.heads
        try history.add(id, on: parents, operations)
        lastSequence += 1
        return TextEdit(id: id, parents: parents.map(history.graph.id).sorted(), operations: operations)
    }

    private static func offset(of index: String.Index, in string: String) -> Int {
        string.unicodeScalars.distance(from: string.startIndex, to: index)
    }

    // MARK: Exchange

    /// The whole text with its history.
    public func encoded(_ options: TextHistory.EncodingOptions = .init()) -> [UInt8] {
        history.encoded(options)
    }

    /// An edit for those who have what it was made on, in a few bytes.
    public func encoded(_ edit: TextEdit) -> [UInt8] { edit.encoded(in: history) }

    /// Takes over a whole text, an update since some version, or one edit; what is known already is passed.
    /// - Throws: `malformed`, `unsupported`, `unknownEvent`, and what an edit of others may be refused for;
    ///   a failed merge changes nothing.
    public mutating func merge(_ bytes: [UInt8]) throws(TextError) {
        if TextEdit.isEdit(bytes) {
            let edit = try TextEdit(bytes, in: history)
            if !history.contains(edit.id) {
                try history.add(edit.id, parents: edit.parents, operations: edit.operations)
            }
        } else {
            try history.merge(bytes)
        }
        lastSequence = max(lastSequence, history.graph.lastSequence(of: agent))
    }

    /// Takes over what another one knows.
    /// - Throws: `malformed` when both hold an edit that is not the same.
    public mutating func merge(_ other: Text) throws(TextError) {
        try history.merge(other.history)
        lastSequence = max(lastSequence, history.graph.lastSequence(of: agent))
    }
}

extension Text: Equatable {
    /// Whether both know the same edits.
    public static func == (left: Text, right: Text) -> Bool {
        left.version == right.version && left.history.graph.count == right.history.graph.count
    }
}
