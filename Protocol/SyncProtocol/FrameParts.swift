import ChangeLog

// The parts that frames are made of; their byte forms stand in the table of FrameCoding.

extension ByteWriter {
    mutating func put(_ hello: Hello) {
        put(varint: hello.version)
        put(bytes: hello.replica.bytes)
        put(byte: hello.epoch == nil ? 0 : 1)
        if let epoch = hello.epoch { put(bytes: epoch.value.bigEndianBytes) }
        put(varint: hello.cursor.value)
        put(byte: 0)
    }

    mutating func put(_ want: Want) {
        put(varint: want.cursor.value)
        put(byte: want.isLive ? 1 : 0)
        put(varint: UInt64(want.held.count))
        for held in want.held {
            put(name: held.audience.name)
            put(varint: held.have.value)
            put(varint: held.end.value)
        }
    }

    mutating func put(_ welcome: Welcome) {
        put(varint: welcome.version)
        put(bytes: welcome.epoch.value.bigEndianBytes)
        put(varint: welcome.head.value)
        put(varint: ZigZag.encode(welcome.milliseconds))
    }

    mutating func put(_ entry: VerdictEntry) {
        put(change: entry.change)
        switch entry.verdict {
        case .accepted(let position, let effective):
            put(byte: 1)
            put(varint: position.value)
            put(bytes: effective.value.bigEndianBytes)
        case .held(let reason):
            put(byte: 2)
            put(reason)
        case .waiting(let behind):
            put(byte: 3)
            put(varint: behind)
        case .refused(let reason):
            put(byte: 4)
            put(reason)
        }
    }

    mutating func put(_ continuation: Continuation) {
        put(bytes: continuation.replica.bytes)
        put(bytes: continuation.continued.replica.bytes)
        put(varint: continuation.continued.number)
    }

    mutating func put(_ epochs: [SignedEpoch]) {
        put(varint: UInt64(epochs.count))
        for signed in epochs {
            let record = signed.record
            put(bytes: record.epoch.value.bigEndianBytes)
            put(bytes: record.parent.value.bigEndianBytes)
            put(varint: record.point.value)
            put(varint: record.treeSize)
            put(bytes: record.root.bytes)
            put(varint: ZigZag.encode(record.milliseconds))
            put(bytes: signed.signature)
        }
    }

    mutating func put(_ range: FingerprintRange) {
        put(name: range.audience.name)
        put(varint: range.after.value)
        put(varint: range.through.value)
    }

    mutating func put(_ heads: [LodgedHead]) {
        put(varint: UInt64(heads.count))
        for head in heads {
            put(name: head.audience.name)
            put(bytes: head.hash.bytes)
        }
    }

    mutating func put(_ audiences: [AudienceID]) {
        put(varint: UInt64(audiences.count))
        for audience in audiences { put(name: audience.name) }
    }

    mutating func put(_ reason: Reason) {
        put(text: reason.code, limit: ProtocolLimits.codeBytes)
        put(text: reason.message, limit: ProtocolLimits.messageBytes)
        put(text: reason.remedy, limit: ProtocolLimits.messageBytes)
    }

    /// Text beyond the limit is cut at a scalar: a message is for people, and never a reason to fail.
    private mutating func put(text: String, limit: Int) {
        var kept = ""
        var size = 0
        for scalar in text.unicodeScalars {
            let more = UTF8.width(scalar)
            guard size + more <= limit else { break }
            kept.unicodeScalars.append(scalar)
            size += more
        }
        put(varint: UInt64(size))
        put(bytes: Array(kept.utf8))
    }
}

extension ByteReader {
    mutating func flag() throws(ChangeLogError) -> Bool {
        let start = offset
        let byte = try byte()
        guard byte < 2 else { throw ChangeLogError(.malformed, "\(byte) for a truth", offset: start) }
        return byte == 1
    }

    mutating func hello() throws(ChangeLogError) -> Hello {
        let version = try varint()
        let replica = ReplicaID(try id())
        let epoch = try flag() ? Epoch(try word()) : nil
        let cursor = Position(try varint())
        let start = offset
        guard try byte() == 0 else {
            throw ChangeLogError(.malformed, "a hello goes on after its cursor", offset: start)
        }
        return Hello(version: version, replica: replica, epoch: epoch, cursor: cursor)
    }

    mutating func want() throws(ChangeLogError) -> Want {
        let cursor = Position(try varint())
        let isLive = try flag()
        var held: [Want.Held] = []
        for _ in 0..<(try count(limit: ProtocolLimits.audiences)) {
            let start = offset
            let next = Want.Held(
                audience: try audience(), have: Position(try varint()), end: Position(try varint()))
            if let last = held.last, next.audience <= last.audience {
                throw ChangeLogError(.malformed, "audiences out of order", offset: start)
            }
            guard next.have <= next.end else {
                throw ChangeLogError(.malformed, "more of an audience than its lane has", offset: start)
            }
            held.append(next)
        }
        return Want(cursor: cursor, isLive: isLive, held: held)
    }

    mutating func range() throws(ChangeLogError) -> FingerprintRange {
        let start = offset
        let range = FingerprintRange(
            audience: try audience(), after: Position(try varint()), through: Position(try varint()))
        guard range.after <= range.through else {
            throw ChangeLogError(.malformed, "a part that ends before it begins", offset: start)
        }
        return range
    }

    mutating func fingerprint() throws(ChangeLogError) -> Fingerprint {
        Fingerprint(sum: UInt128(try word()) << 64 | UInt128(try word()))
    }

    mutating func welcome() throws(ChangeLogError) -> Welcome {
        Welcome(
            version: try varint(), epoch: Epoch(try word()), head: Position(try varint()),
            milliseconds: ZigZag.decode(try varint()))
    }

    mutating func verdict() throws(ChangeLogError) -> Verdict {
        let start = offset
        switch try byte() {
        case 1: return .accepted(Position(try varint()), effective: HybridTime(try word()))
        case 2: return .held(try reason())
        case 3: return .waiting(behind: try varint())
        case 4: return .refused(try reason())
        case let other:
            throw ChangeLogError(.unsupported, "verdict \(other) is not known", offset: start)
        }
    }

    mutating func continuation() throws(ChangeLogError) -> Continuation {
        let start = offset
        let replica = ReplicaID(try id())
        let continued = ChangeID(replica: ReplicaID(try id()), number: try varint())
        guard continued.replica < replica, continued.number <= UInt64(Int64.max) else {
            throw ChangeLogError(.malformed, "a replica that continues a higher one", offset: start)
        }
        return Continuation(replica: replica, continued: continued)
    }

    mutating func epochs() throws(ChangeLogError) -> [SignedEpoch] {
        var epochs: [SignedEpoch] = []
        for _ in 0..<(try count(limit: ProtocolLimits.epochs)) {
            let record = EpochRecord(
                epoch: Epoch(try word()), parent: Epoch(try word()), point: Position(try varint()),
                treeSize: try varint(), root: try hash(), milliseconds: ZigZag.decode(try varint()))
            epochs.append(
                SignedEpoch(record: record, signature: try bytes(ProtocolLimits.signatureBytes)))
        }
        return epochs
    }

    mutating func lodged() throws(ChangeLogError) -> [LodgedHead] {
        var heads: [LodgedHead] = []
        for _ in 0..<(try count(limit: ProtocolLimits.batchEntries)) {
            let start = offset
            let next = LodgedHead(audience: try audience(), hash: try hash())
            if let last = heads.last, next.audience <= last.audience {
                throw ChangeLogError(.malformed, "audiences out of order", offset: start)
            }
            heads.append(next)
        }
        return heads
    }

    mutating func audiences() throws(ChangeLogError) -> [AudienceID] {
        var audiences: [AudienceID] = []
        for _ in 0..<(try count(limit: ProtocolLimits.audiences)) { audiences.append(try audience()) }
        return audiences
    }

    mutating func reason() throws(ChangeLogError) -> Reason {
        let code = try utf8(try count(limit: ProtocolLimits.codeBytes))
        let message = try utf8(try count(limit: ProtocolLimits.messageBytes))
        return Reason(
            code: code, message: message, remedy: try utf8(try count(limit: ProtocolLimits.messageBytes)))
    }

    mutating func batch() throws(ChangeLogError) -> Batch {
        try BatchReader.batch(from: try bytes(remaining))
    }
}
