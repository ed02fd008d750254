// The canonical form of a change, version 1. All numbers of the envelope are most significant
// byte first; its hash is taken over these bytes, whatever shorter form travelled.
//
// | offset | bytes | envelope |
// |---|---|---|
// | 0 | 1 | version of this form: 1 |
// | 1 | 16 | replica |
// | 17 | 8 | number, from 1 |
// | 25 | 8 | base: epoch |
// | 33 | 8 | base: position |
// | 41 | 8 | base: own number, below the number |
// | 49 | 8 | hybrid time |
// | 57 | 4 | version of the domain's schema |
// | 61 | 1 | index in the group, 0 without one |
// | 62 | 1 | changes in the group, 0 without one |
// | 63 | 1 | n, the length of the audience's name |
// | 64 | n | the audience's name, ASCII |
//
// A stored change is: varint length of the envelope, envelope, kind of salt (0 plain, 1 seed, 2 erased),
// 16 bytes of salt or seed, or 32 of the commitment, and contents to the end.

extension Envelope {
    public static let version: UInt8 = 1

    public var canonicalBytes: [UInt8] {
        var writer = ByteWriter(capacity: byteCount)
        writer.put(self)
        return writer.bytes
    }

    fileprivate var byteCount: Int { 64 + audience.name.utf8.count }

    /// Reads an envelope that takes up all of `bytes`.
    public init(canonicalBytes bytes: [UInt8]) throws(ChangeLogError) {
        var reader = ByteReader(bytes)
        self = try reader.envelope()
        try reader.finish()
    }

    /// Throws when a number breaks a rule that holds for every change, wherever it comes from.
    public func validate() throws(ChangeLogError) {
        guard id.number > 0 else { throw ChangeLogError(.malformed, "change numbers begin at 1") }
        guard base.own < id.number else {
            throw ChangeLogError(.malformed, "change \(id.number) claims to have seen own change \(base.own)")
        }
        if let group, UInt64(group.index) >= id.number {
            throw ChangeLogError(.malformed, "a group that begins before change 1")
        }
    }
}

extension ByteWriter {
    fileprivate mutating func put(_ envelope: Envelope) {
        put(byte: Envelope.version)
        put(id: envelope.id.replica.bits)
        put(word: envelope.id.number)
        put(word: envelope.base.epoch.value)
        put(word: envelope.base.position.value)
        put(word: envelope.base.own)
        put(word: envelope.time.value)
        // The version of the schema, and the place in the group: four bytes, and one each.
        put(
            bytes: Array(UInt64(envelope.schema).bigEndianBytes.suffix(4)) + [
                envelope.group?.index ?? 0, envelope.group?.count ?? 0,
            ])
        // At most 80 bytes: its length is one byte in this form too.
        put(name: envelope.audience.name)
    }
}

extension ByteReader {
    fileprivate mutating func envelope() throws(ChangeLogError) -> Envelope {
        let version = try byte()
        guard version == Envelope.version else {
            throw ChangeLogError(.unsupported, "version \(version) of the form of a change", offset: 0)
        }
        let replica = ReplicaID(try id())
        let number = try word()
        let base = Base(epoch: Epoch(try word()), position: Position(try word()), own: try word())
        let time = HybridTime(try word())
        let schema = try bytes(4).reduce(0) { $0 << 8 | UInt32($1) }
        let group = try group()
        let start = offset
        let name = try utf8(Int(try byte()))
        guard let audience = AudienceID(name) else {
            throw ChangeLogError(.malformed, "not the name of an audience", offset: start)
        }
        let envelope = Envelope(
            id: ChangeID(replica: replica, number: number), base: base, time: time, audience: audience,
            group: group, schema: schema)
        try envelope.validate()
        return envelope
    }

    fileprivate mutating func salt() throws(ChangeLogError) -> Salt {
        let start = offset
        switch try byte() {
        case 0: return .plain(try id())
        case 1: return .seed(try id())
        case 2:
            guard let commitment = ChangeHash(bytes: try bytes(32)) else {
                throw ChangeLogError(.malformed, "not a commitment", offset: start)
            }
            return .erased(commitment: commitment)
        case let kind: throw ChangeLogError(.malformed, "salt of kind \(kind)", offset: start)
        }
    }

    private mutating func group() throws(ChangeLogError) -> ChangeGroup? {
        let start = offset
        let (index, count) = (try byte(), try byte())
        if index == 0, count == 0 { return nil }
        guard let group = ChangeGroup(index: index, count: count) else {
            throw ChangeLogError(.malformed, "member \(index) of a group of \(count)", offset: start)
        }
        return group
    }
}

extension Change {
    /// The canonical form of the operations: what the commitment covers.
    public var contentBytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(contents: operations)
        return writer.bytes
    }

    public var canonicalBytes: [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.put(varint: UInt64(envelope.byteCount))
        writer.put(envelope)
        switch salt {
        case .plain(let salt):
            writer.put(byte: 0)
            writer.put(id: salt)
        case .seed(let seed):
            writer.put(byte: 1)
            writer.put(id: seed)
        case .erased(let commitment):
            writer.put(byte: 2)
            writer.put(bytes: commitment.bytes)
        }
        writer.put(contents: operations)
        return writer.bytes
    }

    /// Reads a change that takes up all of `bytes`.
    public init(canonicalBytes bytes: [UInt8]) throws(ChangeLogError) {
        // A commitment is 16 bytes longer than the salt that was erased.
        guard bytes.count <= Limits.changeBytes + 16 else { throw Self.tooLarge(bytes.count) }
        var reader = ByteReader(bytes)
        let length = try reader.count(limit: 64 + Limits.audienceBytes)
        let envelope = try Envelope(canonicalBytes: try reader.bytes(length))
        let salt = try reader.salt()
        if bytes.count > Limits.changeBytes {
            guard case .erased = salt else { throw Self.tooLarge(bytes.count) }
        }
        let operations = try reader.contents()
        try reader.finish()
        self.init(envelope: envelope, salt: salt, operations: operations)
    }

    private static func tooLarge(_ count: Int) -> ChangeLogError {
        ChangeLogError(.tooLarge, "a change of \(count) bytes, at most \(Limits.changeBytes) are allowed")
    }
}
