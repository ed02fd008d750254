import ChangeLog

// The byte form of a batch: the dictionary, then varint count of entries, the entries, varint count
// of heads, the heads. Numbers of an entry are told as the difference from the entry before it, so
// that an edit of one field costs about a dozen bytes beyond its value.
//
// | dictionary, each with a varint count | bytes of one |
// |---|---|
// | replicas | 16 |
// | audiences | varint length, name |
// | names of kinds and fields | varint length, name |
// | records | 16 |
// | seeds | 16 |
// | contexts | epoch (8 bytes), varint schema version |
//
// | entry | bytes | present when |
// |---|---|---|
// | flags | varint | always |
// | replica, audience, context | varint index each | flag 1: one of them differs from the entry before |
// | number | varint | flag 2: it is not that replica's last number in the batch plus 1 |
// | own number of the base | varint of number − own − 1 | flag 4: it is not number − 1 |
// | position of the base | zigzag varint of the difference | flag 8: it differs |
// | milliseconds of the time | zigzag varint of the difference | always |
// | counter of the time | varint | flag 16: it is not 0 |
// | group | index, count | flag 32 |
// | previous | 32 | flag 256 |
// | links | varint count, 32 each | flag 512 |
// | position | varint of the difference from the last position in the batch | flags 64 and 128; with 64 alone it is 1 |
// | effective time | zigzag varint of effective − time | flag 1024: they differ (with flag 64) |
// | commitment | 32 | flag 2048; then no salt, and no contents but with flag 8192: what an erasure left |
// | seed | varint index | unless flag 2048 or 4096 |
// | salt | 16 | flag 4096 |
// | contents | as in the canonical form, with records, names and replicas by varint index | unless flag 2048 without 8192 |
//
// A head is: varint index of the replica, of the audience, varint count and links, 64 bytes of signature.

enum EntryFlag {
    static let origin: UInt64 = 1
    static let number: UInt64 = 2
    static let own: UInt64 = 4
    static let base: UInt64 = 8
    static let counter: UInt64 = 16
    static let group: UInt64 = 32
    static let placed: UInt64 = 64
    static let jump: UInt64 = 128
    static let previous: UInt64 = 256
    static let links: UInt64 = 512
    static let effective: UInt64 = 1024
    static let commitment: UInt64 = 2048
    static let salt: UInt64 = 4096
    static let erased: UInt64 = 8192
    static let all: UInt64 = 16383
}

/// The numbers that the next entry is told against.
struct EntryContext {
    var replica: ReplicaID?
    var audience: AudienceID?
    var context: BatchDictionary.Context?
    var numbers: [ReplicaID: UInt64] = [:]
    var basePosition: UInt64 = 0
    var milliseconds: Int64 = 0
    var position: UInt64 = 0
}

/// Writes a batch: entries into a body, what they mention into the dictionary in front of it.
struct BatchWriter: ChangeSink {
    private var dictionary = BatchDictionary()
    private var body = ByteWriter()
    private var last = EntryContext()

    static func bytes(of batch: Batch) -> [UInt8] {
        var writer = BatchWriter()
        writer.body.put(varint: UInt64(batch.entries.count))
        for entry in batch.entries { writer.put(entry) }
        writer.body.put(varint: UInt64(batch.heads.count))
        for head in batch.heads { writer.put(head) }
        var whole = ByteWriter()
        writer.dictionary.write(to: &whole)
        whole.put(bytes: writer.body.bytes)
        return whole.bytes
    }

    mutating func put(byte: UInt8) { body.put(byte: byte) }
    mutating func put(bytes: [UInt8]) { body.put(bytes: bytes) }
    mutating func put(varint: UInt64) { body.put(varint: varint) }
    mutating func put(record: RecordID) { body.put(varint: dictionary.records.index(of: record)) }
    mutating func put(name: String) { body.put(varint: dictionary.names.index(of: name)) }
    mutating func put(change: ChangeID) {
        body.put(varint: dictionary.replicas.index(of: change.replica))
        body.put(varint: change.number)
    }

    private mutating func put(_ head: SignedHead) {
        put(varint: dictionary.replicas.index(of: head.replica))
        put(varint: dictionary.audiences.index(of: head.audience))
        body.put(hashes: head.links)
        put(bytes: head.signature)
    }

    private mutating func put(_ entry: BatchEntry) {
        let flags = flags(of: entry)
        put(varint: flags)
        putEnvelope(entry.envelope, flags)
        if let previous = entry.previous { put(bytes: previous.bytes) }
        if !entry.links.isEmpty { body.put(hashes: entry.links) }
        if let placement = entry.placement {
            if flags & EntryFlag.jump != 0 { put(varint: placement.position.value &- last.position) }
            last.position = placement.position.value
            if flags & EntryFlag.effective != 0 {
                let difference = placement.effective.value &- entry.envelope.time.value
                put(varint: ZigZag.encode(Int64(bitPattern: difference)))
            }
        }
        switch entry.body {
        case .commitment(let commitment): put(bytes: commitment.bytes)
        case .contents(.seed(let seed), let operations):
            put(varint: dictionary.seeds.index(of: seed))
            put(contents: operations)
        case .contents(.plain(let salt), let operations):
            put(bytes: salt.bytes)
            put(contents: operations)
        case .contents(.erased(let commitment), let operations):
            put(bytes: commitment.bytes)
            put(contents: operations)
        }
    }

    private mutating func putEnvelope(_ envelope: Envelope, _ flags: UInt64) {
        let context = BatchDictionary.Context(epoch: envelope.base.epoch, schema: envelope.schema)
        if flags & EntryFlag.origin != 0 {
            put(varint: dictionary.replicas.index(of: envelope.id.replica))
            put(varint: dictionary.audiences.index(of: envelope.audience))
            put(varint: dictionary.contexts.index(of: context))
        }
        if flags & EntryFlag.number != 0 { put(varint: envelope.id.number) }
        if flags & EntryFlag.own != 0 { put(varint: envelope.id.number &- envelope.base.own &- 1) }
        if flags & EntryFlag.base != 0 {
            let difference = envelope.base.position.value &- last.basePosition
            put(varint: ZigZag.encode(Int64(bitPattern: difference)))
        }
        put(varint: ZigZag.encode(envelope.time.milliseconds - last.milliseconds))
        if flags & EntryFlag.counter != 0 { put(varint: UInt64(envelope.time.counter)) }
        if let group = envelope.group {
            put(byte: group.index)
            put(byte: group.count)
        }
        last.replica = envelope.id.replica
        last.audience = envelope.audience
        last.context = context
        last.numbers[envelope.id.replica] = envelope.id.number
        last.basePosition = envelope.base.position.value
        last.milliseconds = envelope.time.milliseconds
    }

    private func flags(of entry: BatchEntry) -> UInt64 {
        let envelope = entry.envelope
        let context = BatchDictionary.Context(epoch: envelope.base.epoch, schema: envelope.schema)
        let sameOrigin =
            last.replica == envelope.id.replica && last.audience == envelope.audience
            && last.context == context
        var flags: UInt64 = sameOrigin ? 0 : EntryFlag.origin
        if (last.numbers[envelope.id.replica] ?? 0) &+ 1 != envelope.id.number { flags |= EntryFlag.number }
        if envelope.base.own != envelope.id.number &- 1 { flags |= EntryFlag.own }
        if envelope.base.position.value != last.basePosition { flags |= EntryFlag.base }
        if envelope.time.counter != 0 { flags |= EntryFlag.counter }
        if envelope.group != nil { flags |= EntryFlag.group }
        if entry.previous != nil { flags |= EntryFlag.previous }
        if !entry.links.isEmpty { flags |= EntryFlag.links }
        if let placement = entry.placement {
            flags |= EntryFlag.placed
            if placement.position.value != last.position &+ 1 { flags |= EntryFlag.jump }
            if placement.effective != envelope.time { flags |= EntryFlag.effective }
        }
        switch entry.body {
        case .commitment: flags |= EntryFlag.commitment
        case .contents(.plain, _): flags |= EntryFlag.salt
        case .contents(.erased, _): flags |= EntryFlag.commitment | EntryFlag.erased
        case .contents(.seed, _): break
        }
        return flags
    }
}
