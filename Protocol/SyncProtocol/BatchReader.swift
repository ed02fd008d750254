import ChangeLog

/// Reads what `BatchWriter` writes; total, and bounded by the bytes that are really there.
struct BatchReader: ChangeSource {
    private let glossary: BatchGlossary
    private var body: ByteReader
    private var last = EntryContext()
    /// Bytes that the contents read so far have in canonical form: an index of one byte may stand for a
    /// name of 64, so what came says little about what has to be kept.
    private var contentBytes = 0

    static func batch(from bytes: [UInt8]) throws(ChangeLogError) -> Batch {
        var reader = ByteReader(bytes)
        let batch = try Self.batch(from: &reader)
        try reader.finish()
        return batch
    }

    private static func batch(from source: inout ByteReader) throws(ChangeLogError) -> Batch {
        let glossary = try BatchGlossary(from: &source)
        var reader = BatchReader(glossary: glossary, body: source)
        var entries: [BatchEntry] = []
        for _ in 0..<(try reader.body.count(limit: ProtocolLimits.batchEntries)) {
            entries.append(try reader.entry())
        }
        var heads: [SignedHead] = []
        for _ in 0..<(try reader.body.count(limit: ProtocolLimits.batchEntries)) {
            heads.append(try reader.head())
        }
        source = reader.body
        return Batch(entries: entries, heads: heads)
    }

    private init(glossary: BatchGlossary, body: ByteReader) {
        self.glossary = glossary
        self.body = body
    }

    var offset: Int { body.offset }

    mutating func byte() throws(ChangeLogError) -> UInt8 {
        try count(1)
        return try body.byte()
    }

    mutating func bytes(_ count: Int) throws(ChangeLogError) -> [UInt8] {
        let bytes = try body.bytes(count)
        try self.count(count)
        return bytes
    }

    mutating func varint() throws(ChangeLogError) -> UInt64 {
        let start = offset
        let value = try body.varint()
        try count(offset - start)
        return value
    }

    mutating func record() throws(ChangeLogError) -> RecordID {
        try count(16)
        return try pick(from: glossary.records)
    }

    mutating func name() throws(ChangeLogError) -> String {
        let name = try pick(from: glossary.names)
        try count(1 + name.utf8.count)
        return name
    }

    mutating func change() throws(ChangeLogError) -> ChangeID {
        try count(16)
        let replica = try pick(from: glossary.replicas)
        let start = offset
        let number = try varint()
        guard number > 0 else {
            throw ChangeLogError(.malformed, "change numbers begin at 1", offset: start)
        }
        return ChangeID(replica: replica, number: number)
    }

    /// Counts what is read of contents in the bytes of their canonical form.
    private mutating func count(_ more: Int) throws(ChangeLogError) {
        contentBytes += more
        guard contentBytes <= ProtocolLimits.contentBytes else {
            throw ChangeLogError(
                .tooLarge, "contents of more than \(ProtocolLimits.contentBytes) bytes in one batch",
                offset: offset)
        }
    }

    private mutating func pick<Element>(from table: [Element]) throws(ChangeLogError) -> Element {
        let start = offset
        let index = try body.varint()
        guard index < UInt64(table.count) else {
            throw ChangeLogError(
                .malformed, "index \(index) in a dictionary of \(table.count)", offset: start)
        }
        return table[Int(index)]
    }

    private mutating func head() throws(ChangeLogError) -> SignedHead {
        SignedHead(
            replica: try pick(from: glossary.replicas), audience: try pick(from: glossary.audiences),
            links: try body.hashes(), signature: try body.bytes(ProtocolLimits.signatureBytes))
    }

    private mutating func entry() throws(ChangeLogError) -> BatchEntry {
        let start = offset
        let flags = try body.varint()
        guard flags <= EntryFlag.all else {
            throw ChangeLogError(.unsupported, "flags \(flags) of an entry", offset: start)
        }
        let envelope = try envelope(flags)
        var entry = BatchEntry(envelope: envelope, body: .commitment(.zero))
        if flags & EntryFlag.previous != 0 { entry.previous = try body.hash() }
        if flags & EntryFlag.links != 0 { entry.links = try body.hashes() }
        if flags & EntryFlag.placed != 0 { entry.placement = try placement(of: envelope, flags) }
        if flags & EntryFlag.erased != 0 {
            guard flags & EntryFlag.commitment != 0 else {
                throw ChangeLogError(.malformed, "an erased change without its commitment", offset: start)
            }
            let commitment = try body.hash()
            entry.body = .contents(.erased(commitment: commitment), try contents())
        } else if flags & EntryFlag.commitment != 0 {
            entry.body = .commitment(try body.hash())
        } else if flags & EntryFlag.salt != 0 {
            let salt = try body.id()
            entry.body = .contents(.plain(salt), try contents())
        } else {
            let seed = try pick(from: glossary.seeds)
            entry.body = .contents(.seed(seed), try contents())
        }
        return entry
    }

    private mutating func placement(
        of envelope: Envelope, _ flags: UInt64
    ) throws(ChangeLogError) -> BatchEntry.Placement {
        let position = last.position &+ (flags & EntryFlag.jump == 0 ? 1 : try body.varint())
        last.position = position
        var effective = envelope.time.value
        if flags & EntryFlag.effective != 0 {
            effective = effective &+ UInt64(bitPattern: ZigZag.decode(try body.varint()))
        }
        return BatchEntry.Placement(position: Position(position), effective: HybridTime(effective))
    }

    private mutating func envelope(_ flags: UInt64) throws(ChangeLogError) -> Envelope {
        let start = offset
        if flags & EntryFlag.origin != 0 {
            last.replica = try pick(from: glossary.replicas)
            last.audience = try pick(from: glossary.audiences)
            last.context = try pick(from: glossary.contexts)
        }
        guard let replica = last.replica, let audience = last.audience, let context = last.context else {
            throw ChangeLogError(.malformed, "a first entry without a replica", offset: start)
        }
        var number = (last.numbers[replica] ?? 0) &+ 1
        if flags & EntryFlag.number != 0 { number = try body.varint() }
        var own = number &- 1
        if flags & EntryFlag.own != 0 { own = own &- (try body.varint()) }
        if flags & EntryFlag.base != 0 {
            last.basePosition = last.basePosition &+ UInt64(bitPattern: ZigZag.decode(try body.varint()))
        }
        last.milliseconds = last.milliseconds &+ ZigZag.decode(try body.varint())
        guard (0..<1 << 48).contains(last.milliseconds) else {
            throw ChangeLogError(.malformed, "a time beyond 48 bits of milliseconds", offset: start)
        }
        var counter: UInt16 = 0
        if flags & EntryFlag.counter != 0 {
            guard let value = UInt16(exactly: try body.varint()) else {
                throw ChangeLogError(.malformed, "a counter above 16 bits", offset: start)
            }
            counter = value
        }
        let group = flags & EntryFlag.group == 0 ? nil : try group()
        last.numbers[replica] = number
        let envelope = Envelope(
            id: ChangeID(replica: replica, number: number),
            base: Base(epoch: context.epoch, position: Position(last.basePosition), own: own),
            time: HybridTime(milliseconds: last.milliseconds, counter: counter), audience: audience,
            group: group, schema: context.schema)
        try envelope.validate()
        return envelope
    }

    private mutating func group() throws(ChangeLogError) -> ChangeGroup {
        let start = offset
        guard let group = ChangeGroup(index: try body.byte(), count: try body.byte()) else {
            throw ChangeLogError(.malformed, "a member beyond its group", offset: start)
        }
        return group
    }
}
