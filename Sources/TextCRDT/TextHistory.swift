/// All edits of one text, and every version of it that anybody saw.
///
///     var history = TextHistory()
///     try history.add(first, parents: [], operations: [.insert(at: 0, text: "Beste jury")])
///     try history.add(second, parents: [first], operations: [.delete(at: 0, count: 6)])
///     history.merged().text  // "jury"
///
/// A version is named by its heads: the events that nobody in it has seen; the empty list is the empty text.
/// Guarantee: everything a history answers is a function of the events and their parents, whatever the order
/// in which they were added. Nothing is forgotten: memory grows with what was ever typed.
///
/// The cost of adding an event grows with the runs of edits in which its version differs from that of the
/// event added before it. One that follows on the event before it costs little, however long the text; of
/// long concurrent branches, add one after the other rather than by turns.
public struct TextHistory: Sendable {
    /// The longest text that an event may make, in Unicode scalars. A merged text may be longer.
    public static let maximumLength = 1 << 20

    var graph = CausalGraph()
    var log = EditLog()
    /// None or one, made when an operation is to be found by its index; elsewhere, since most texts are only read.
    var replays: [TextReplay] = []

    /// The order of all scalars, where it was needed and nothing was added since.
    var order: [Range<UInt32>]?

    package var replay: TextReplay? { replays.first }

    /// The empty text, in which nothing has happened.
    public init() {}

    /// The heads of the version that holds every event, ascending.
    public var heads: [TextEventID] { graph.heads.map(graph.id).sorted() }

    /// Adds one atomic event, made on the version whose heads are `parents`.
    ///
    /// Parents that other parents have seen may be named too. An event without operations is allowed: it
    /// joins versions. A failed add changes nothing.
    /// - Throws: `duplicateEvent`, `unknownEvent` for a parent, and for an operation `outOfRange`,
    ///   `emptyOperation` or `tooLong`.
    public mutating func add(
        _ id: TextEventID, parents: [TextEventID], operations: [TextOperation]
    ) throws(TextError) {
        guard graph.index(of: id) == nil else {
            throw TextError(
                .duplicateEvent, "Event \(id.sequence) of this agent is in the text already.",
                remedy: "Add each event once.")
        }
        try add(id, on: version(of: parents), operations)
    }

    /// Adds an event whose id is new, made on a version of the graph.
    mutating func add(_ id: TextEventID, on version: [Int], _ operations: [TextOperation]) throws(TextError) {
        if replays.isEmpty {
            replays.append(
                log.count == 0
                    ? TextReplay(graph) : TextReplay(order ?? DocumentOrder(log, graph).ranges, log, graph))
        }
        order = nil
        replays[0].move(to: version, log, graph)
        try Self.check(operations, on: replays[0].length)
        graph.append(id, parents: version)
        replays[0].apply(operations, &log, graph)
    }

    /// Whether the event is in this history.
    public func contains(_ id: TextEventID) -> Bool {
        graph.index(of: id) != nil
    }

    /// The length of a version, in Unicode scalars.
    /// - Throws: `unknownEvent`.
    public func length(at version: [TextEventID]) throws(TextError) -> Int {
        let version = try self.version(of: version)
        if let replay, version == replay.version { return replay.length }
        return present(in: version).count(in: 0..<log.count)
    }

    /// The text of a version.
    /// - Throws: `unknownEvent`.
    public func text(at version: [TextEventID]) throws(TextError) -> String {
        text(of: present(in: try self.version(of: version)), isDeleted: false)
    }

    /// The scalars that are present in a version.
    ///
    /// Computed from the log alone, not from the prepared version.
    func present(in version: [Int]) -> ScalarSet {
        var present = ScalarSet()
        present.grow(to: log.count)
        let events = graph.events(in: version)
        for range in events { log.forEachInserted(by: range) { present.insert($0) } }
        for range in events { log.forEachDeleted(by: range) { present.remove($0) } }
        return present
    }

    /// Gives back room that was set aside for more.
    mutating func trim() {
        graph.trim()
        log.trim()
    }

    func version(of ids: [TextEventID]) throws(TextError) -> [Int] {
        var events: [Int] = []
        for id in ids {
            guard let event = graph.index(of: id) else {
                throw TextError(
                    .unknownEvent, "Event \(id.sequence) of an agent is not in this text.",
                    remedy: "Add the events that a version names before the version is used.")
            }
            events.append(event)
        }
        return graph.version(of: events)
    }

    static func check(_ operations: [TextOperation], on start: Int) throws(TextError) {
        var length = start
        for operation in operations {
            switch operation {
            case .insert(let index, let text):
                let count = text.utf8.count == 1 ? 1 : text.unicodeScalars.count
                guard count > 0 else { throw .empty("inserts no text") }
                guard index >= 0, index <= length else { throw .range(index, length) }
                guard count <= maximumLength - length else { throw .long(count, length) }
                length += count
            case .delete(let index, let count):
                guard count > 0 else { throw .empty("deletes \(count) scalars") }
                guard index >= 0, index <= length, count <= length - index else {
                    throw .range(index, length)
                }
                length -= count
            }
        }
    }
}

extension TextError {
    fileprivate static func empty(_ what: String) -> TextError {
        TextError(.emptyOperation, "An operation \(what).", remedy: "Leave it out.")
    }

    fileprivate static func range(_ index: Int, _ length: Int) -> TextError {
        TextError(
            .outOfRange, "An operation at \(index) reaches outside a text of \(length) scalars.",
            remedy: "Compute the operation from the text of the version that it names.")
    }

    fileprivate static func long(_ count: Int, _ length: Int) -> TextError {
        TextError(
            .tooLong,
            "\(count) more scalars make a text of \(length) longer than \(TextHistory.maximumLength).",
            remedy: "Shorten the text, or divide it over more fields.")
    }
}
