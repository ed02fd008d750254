extension TextHistory {
    /// What stands in a file beside the edits.
    public struct EncodingOptions: Sendable {
        /// Whether the text of deleted passages is kept; otherwise old versions show `substitute` for it.
        public var keepsDeletedText = true
        /// Whether the text stands in front, where `cachedText` finds it without a replay.
        public var cachesText = false
        /// Whether columns are compressed.
        public var isCompressed = true

        /// Everything, as small as can be.
        public init() {}
    }

    /// What stands for each scalar of a passage whose text was left out: SUBSTITUTE.
    static let substitute: UInt8 = 0x1a

    /// The whole history as bytes, which follow from its events alone, whatever the order of their arrival.
    public func encoded(_ options: EncodingOptions = EncodingOptions()) -> [UInt8] {
        let excerpt = Excerpt(self)
        var deleted: ScalarSet?
        if !options.keepsDeletedText {
            var set = ScalarSet()
            set.grow(to: log.count)
            for record in excerpt.deletions {
                set.insert(Int(record.scalar)..<Int(record.scalar + record.count))
            }
            deleted = set
        }
        return excerpt.encoded(
            text: options.cachesText ? text : nil, deleted: deleted, isCompressed: options.isCompressed)
    }

    /// All events that a version does not hold, for someone who has that version.
    /// - Throws: `unknownEvent`.
    public func encoded(since version: [TextEventID]) throws(TextError) -> [UInt8] {
        let known = graph.events(in: try self.version(of: version))
        return Excerpt(self, without: known).encoded(text: nil, deleted: nil, isCompressed: true)
    }

    /// Reads a whole history.
    /// - Throws: `malformed`, `unsupported`.
    public init(encoded bytes: [UInt8]) throws(TextError) {
        self.init()
        try merge(bytes)
    }

    /// The text that stands in front of a file, nil where none does; the rest is not looked at.
    /// - Throws: `malformed`, `unsupported`.
    public static func cachedText(in bytes: [UInt8]) throws(TextError) -> String? {
        try Self.withBuffer(bytes) { buffer throws(TextError) in
            var file = ColumnReader(buffer)
            guard let text = try Excerpt.Head(&file).text else { return nil }
            guard let string = String(validating: text, as: UTF8.self) else { throw .malformed }
            return string
        }
    }

    /// Takes over the events of a file or of an update, those that are here already excepted.
    ///
    /// A failed merge changes nothing.
    /// - Throws: `malformed`, `unsupported`, and `unknownEvent` when the update goes on from events that are
    ///   not here.
    public mutating func merge(_ bytes: [UInt8]) throws(TextError) {
        try merge(Self.withBuffer(bytes) { buffer throws(TextError) in try Excerpt(buffer) })
    }

    /// Takes over the events of another history, those that are here already excepted.
    ///
    /// - Throws: `malformed` when both hold an event that is not the same.
    public mutating func merge(_ other: TextHistory) throws(TextError) { try merge(Excerpt(other)) }

    private static func withBuffer<Result>(
        _ bytes: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) throws(TextError) -> Result
    ) throws(TextError) -> Result {
        let result = bytes.withUnsafeBufferPointer { buffer in
            Swift.Result { () throws(TextError) in try body(buffer) }
        }
        return try result.get()
    }
}
