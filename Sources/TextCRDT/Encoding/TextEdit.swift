/// One edit with the version it was made on, as it travels while people type.
public struct TextEdit: Hashable, Sendable {
    /// Its name.
    public let id: TextEventID
    /// The heads of the version it was made on, ascending.
    public let parents: [TextEventID]
    /// What it does, each operation on the result of the one before.
    public let operations: [TextOperation]

    /// Names an edit, whether or not it was made.
    public init(id: TextEventID, parents: [TextEventID], operations: [TextOperation]) {
        self.id = id
        self.parents = parents
        self.operations = operations
    }
}

/// The form in bytes, a dozen of them for a keystroke. Agents are named by the first bits of a hash, as far as
/// the text knows no other with the same ones, so both sides have to know them; for others there is the
/// update since a version.
///
/// | part | bytes |
/// |---|---|
/// | form | E1; E2 where the author is named in full, as by a first edit |
/// | author | 3 bytes of hash, or 16 |
/// | number | of the edit among the author's |
/// | parents | 0 for the author's edit before this one; otherwise 1 more than their count, and each: 3 bytes of hash, number |
/// | operations | to the end, each: index << 1 and 1 for a deletion; scalars, or bytes and UTF-8 |
extension TextEdit {
    private static let short: UInt8 = 0xe1
    private static let long: UInt8 = 0xe2

    static func isEdit(_ bytes: [UInt8]) -> Bool { bytes.first == short || bytes.first == long }

    /// The bytes of the edit, which is in the history.
    public func encoded(in history: TextHistory) -> [UInt8] {
        let named = Set(parents.map(\.agent))
        let isKnown = named.contains(id.agent) || id.sequence > 1
        let clear = Self.withoutDoubles(named.union([id.agent]), history.graph)
        guard clear.isSuperset(of: named) else {
            return Excerpt(history, without: known(in: history)).encoded(
                text: nil, deleted: nil, isCompressed: true)
        }
        var bytes = ColumnWriter()
        if isKnown, clear.contains(id.agent) {
            bytes.byte(Self.short)
            Self.write(Self.tag(id.agent), to: &bytes)
        } else {
            bytes.byte(Self.long)
            for half in [id.agent.high, id.agent.low] {
                for byte in (0..<8).reversed() {
                    bytes.byte(UInt8(truncatingIfNeeded: half >> (8 * UInt64(byte))))
                }
            }
        }
        bytes.number(id.sequence)
        if parents == [TextEventID(agent: id.agent, sequence: id.sequence &- 1)] {
            bytes.number(0)
        } else {
            bytes.number(parents.count + 1)
            for parent in parents {
                Self.write(Self.tag(parent.agent), to: &bytes)
                bytes.number(parent.sequence)
            }
        }
        for operation in operations {
            switch operation {
            case .insert(let index, let text):
                bytes.number(index << 1)
                bytes.number(text.utf8.count)
                bytes.append(text.utf8)
            case .delete(let index, let count):
                bytes.number(index << 1 | 1)
                bytes.number(count)
            }
        }
        return bytes.bytes
    }

    /// Those of some agents whose tag no other agent of the graph has.
    private static func withoutDoubles(_ agents: Set<TextAgent>, _ graph: CausalGraph) -> Set<TextAgent> {
        let tags = agents.map { (agent: $0, tag: tag($0)) }
        var clear = agents
        graph.withView { graph in
            for author in graph.authors {
                let other = tag(author.agent)
                for (agent, tag) in tags where tag == other && agent != author.agent { clear.remove(agent) }
            }
        }
        return clear
    }

    private func known(in history: TextHistory) -> [Range<Int>] {
        history.graph.events(in: history.graph.version(of: parents.compactMap(history.graph.index)))
    }

    /// Reads the bytes of an edit that goes on from what a history knows.
    init(_ bytes: [UInt8], in history: TextHistory) throws(TextError) {
        let read = bytes.withUnsafeBufferPointer { buffer in
            Result { () throws(TextError) in
                var reader = ColumnReader(buffer)
                return try TextEdit(&reader, history.graph.agents)
            }
        }
        self = try read.get()
    }

    private init(_ bytes: inout ColumnReader, _ agents: [TextAgent]) throws(TextError) {
        let form = bytes.byte()
        let author: TextAgent
        if form == Self.long {
            var halves: [UInt64] = [0, 0]
            for half in 0..<2 { for _ in 0..<8 { halves[half] = halves[half] << 8 | UInt64(bytes.byte()) } }
            author = TextAgent(high: halves[0], low: halves[1])
        } else {
            author = try Self.agent(&bytes, agents)
        }
        let id = TextEventID(agent: author, sequence: bytes.number())
        var parents: [TextEventID] = []
        let count = bytes.count(below: 1 << 20)
        if count == 0 {
            parents = [TextEventID(agent: author, sequence: id.sequence &- 1)]
        } else {
            for _ in 1..<count {
                let agent = try Self.agent(&bytes, agents)
                parents.append(TextEventID(agent: agent, sequence: bytes.number()))
            }
        }
        var operations: [TextOperation] = []
        while !bytes.isBroken, !bytes.isAtEnd { operations.append(try Self.operation(&bytes)) }
        guard !bytes.isBroken else { throw .malformed }
        self.init(id: id, parents: parents, operations: operations)
    }

    private static func operation(_ bytes: inout ColumnReader) throws(TextError) -> TextOperation {
        let index = bytes.count(below: 1 << 32)
        let count = bytes.count(below: 1 << 32)
        if index & 1 == 1 { return .delete(at: index >> 1, count: count) }
        guard let text = String(validating: bytes.take(count), as: UTF8.self), !bytes.isBroken else {
            throw .malformed
        }
        return .insert(at: index >> 1, text: text)
    }

    private static func agent(_ bytes: inout ColumnReader, _ agents: [TextAgent]) throws(TextError)
        -> TextAgent
    {
        let tag = Int(bytes.byte()) | Int(bytes.byte()) << 8 | Int(bytes.byte()) << 16
        guard !bytes.isBroken else { throw .malformed }
        let found = agents.filter { Self.tag($0) == tag }
        guard found.count == 1 else {
            throw TextError(
                .unknownEvent, "An edit is of somebody whose edits are not here.",
                remedy: "Take the update since the version that is here.")
        }
        return found[0]
    }

    private static func write(_ tag: Int, to bytes: inout ColumnWriter) {
        for shift in [0, 8, 16] { bytes.byte(UInt8(truncatingIfNeeded: tag >> shift)) }
    }

    /// 24 bits that follow from an agent, by the finaliser of SplitMix64.
    private static func tag(_ agent: TextAgent) -> Int {
        func mix(_ value: UInt64) -> UInt64 {
            var mixed = value &+ 0x9e37_79b9_7f4a_7c15
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
        return Int(mix(mix(agent.high) ^ agent.low) & 0xff_ffff)
    }
}
