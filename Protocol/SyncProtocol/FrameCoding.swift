import ChangeLog

// A frame is 4 bytes of length (most significant first, counting what follows), one byte of kind,
// and its body. Bodies use the numbers of the canonical form of a change; `text` is varint length
// and UTF-8, `option` is one byte 0 or 1 and then the value.
//
// | kind | frame | body |
// |---|---|---|
// | 1 | hello | varint version, replica, option epoch (8), varint cursor, 0 (1 byte) |
// | 2 | push | a batch (see BatchWriter) |
// | 3 | ask | varint count, change ids |
// | 4 | want | varint cursor, live (1 byte), varint count, per audience: name, varint have, varint end |
// | 5 | purged | varint count, names of audiences |
// | 6 | compare | varint size of the known tree |
// | 7 | prove | change id |
// | 8 | continue | new replica, continued replica, varint number |
// | 9 | offer | a batch |
// | 10 | lodge | varint count, per chain in rising order of audience: name, hash (32) |
// | 11 | evidence | varint count, see EarlierReceipt |
// | 12 | fingerprints | varint count, per part: name, varint after, varint through, sum (16) |
// | 13 | segmented | nothing |
// | 16 | welcome | varint version, epoch (8), varint head, zigzag milliseconds |
// | 17 | verdicts | varint count, per change: change id, verdict |
// | 18 | grant | name of the audience, varint end |
// | 19 | deliver | option name of the lane, varint through, a batch |
// | 20 | revoke | varint count, names of audiences |
// | 21 | current | varint position |
// | 22 | pulse | zigzag milliseconds |
// | 23 | refusal | reason |
// | 24 | tree | see TreeComparison |
// | 25 | receipt | see ReceiptEvidence |
// | 26 | continued | as continue |
// | 27 | restored | varint count, per epoch: epoch (8), parent (8), varint point, varint size, root, zigzag time, signature |
// | 30 | differing | varint count, per part: name, varint after, varint through |
// | 31 | segments | name of the lane, varint count, per segment: varint through, varint size, hash (32) |
//
// verdict: 1 accepted, varint position, effective time (8 bytes) · 2 held, reason ·
// 3 waiting, varint behind · 4 refused, reason. reason: text code, text message, text remedy.

extension Frame {
    /// The frame with its length in front.
    public var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(byte: kind)
        write(to: &writer)
        return Array(UInt64(writer.bytes.count).bigEndianBytes.suffix(4)) + writer.bytes
    }

    private var kind: UInt8 {
        switch self {
        case .hello: 1
        case .push: 2
        case .ask: 3
        case .want: 4
        case .purged: 5
        case .compare: 6
        case .prove: 7
        case .continue: 8
        case .offer: 9
        case .lodge: 10
        case .evidence: 11
        case .fingerprints: 12
        case .segmented: 13
        case .welcome: 16
        case .verdicts: 17
        case .grant: 18
        case .deliver: 19
        case .revoke: 20
        case .current: 21
        case .pulse: 22
        case .refusal: 23
        case .tree: 24
        case .receipt: 25
        case .continued: 26
        case .restored: 27
        case .differing: 30
        case .segments: 31
        }
    }

    private func write(to writer: inout ByteWriter) {
        switch self {
        case .hello(let hello): writer.put(hello)
        case .push(let batch), .offer(let batch): writer.put(bytes: BatchWriter.bytes(of: batch))
        case .ask(let changes):
            writer.put(varint: UInt64(changes.count))
            for change in changes { writer.put(change: change) }
        case .want(let want): writer.put(want)
        case .purged(let audiences), .revoke(let audiences): writer.put(audiences)
        case .compare(let size): writer.put(varint: size)
        case .prove(let change): writer.put(change: change)
        case .welcome(let welcome): writer.put(welcome)
        case .verdicts(let entries):
            writer.put(varint: UInt64(entries.count))
            for entry in entries { writer.put(entry) }
        case .grant(let audience, let end):
            writer.put(name: audience.name)
            writer.put(varint: end.value)
        case .deliver(let delivery):
            writer.put(byte: delivery.lane == nil ? 0 : 1)
            if let lane = delivery.lane { writer.put(name: lane.name) }
            writer.put(varint: delivery.through.value)
            writer.put(bytes: BatchWriter.bytes(of: delivery.batch))
        case .current(let position): writer.put(varint: position.value)
        case .pulse(let milliseconds): writer.put(varint: ZigZag.encode(milliseconds))
        case .refusal(let reason): writer.put(reason)
        case .tree(let comparison): writer.put(comparison)
        case .receipt(let evidence): writer.put(evidence)
        case .continue(let continuation), .continued(let continuation): writer.put(continuation)
        case .restored(let epochs): writer.put(epochs)
        case .fingerprints(let parts):
            writer.put(varint: UInt64(parts.count))
            for part in parts {
                writer.put(part.range)
                writer.put(bytes: part.fingerprint.bytes)
            }
        case .lodge(let heads): writer.put(heads)
        case .evidence(let receipts):
            writer.put(varint: UInt64(receipts.count))
            for receipt in receipts { writer.put(receipt) }
        case .segmented: break
        case .segments(let list): writer.put(list)
        case .differing(let ranges):
            writer.put(varint: UInt64(ranges.count))
            for range in ranges { writer.put(range) }
        }
    }

    /// Reads the body of a frame: kind and what follows, without the length.
    public init(body bytes: [UInt8]) throws(ProtocolError) {
        var reader = ByteReader(bytes)
        do {
            guard let frame = try Frame(from: &reader) else {
                throw ProtocolError(.unknownFrame, "frame of kind \(bytes.first ?? 0)")
            }
            try reader.finish()
            self = frame
        } catch let error as ChangeLogError {
            throw ProtocolError(error)
        } catch let error as ProtocolError {
            throw error
        } catch {
            throw ProtocolError(.malformed, "\(error)")
        }
    }

    private init?(from reader: inout ByteReader) throws(ChangeLogError) {
        switch try reader.byte() {
        case 1: self = .hello(try reader.hello())
        case 2: self = .push(try reader.batch())
        case 3:
            var changes: [ChangeID] = []
            for _ in 0..<(try reader.count(limit: ProtocolLimits.verdicts)) {
                changes.append(try reader.change())
            }
            self = .ask(changes)
        case 4: self = .want(try reader.want())
        case 5: self = .purged(try reader.audiences())
        case 6: self = .compare(try reader.varint())
        case 7: self = .prove(try reader.change())
        case 8: self = .continue(try reader.continuation())
        case 9: self = .offer(try reader.batch())
        case 10: self = .lodge(try reader.lodged())
        case 11:
            var receipts: [EarlierReceipt] = []
            for _ in 0..<(try reader.count(limit: ProtocolLimits.batchEntries)) {
                receipts.append(try EarlierReceipt(from: &reader))
            }
            self = .evidence(receipts)
        case 12:
            var parts: [RangeFingerprint] = []
            for _ in 0..<(try reader.count(limit: ProtocolLimits.audiences)) {
                parts.append(
                    RangeFingerprint(range: try reader.range(), fingerprint: try reader.fingerprint()))
            }
            self = .fingerprints(parts)
        case 13: self = .segmented
        case 16: self = .welcome(try reader.welcome())
        case 17:
            var entries: [VerdictEntry] = []
            for _ in 0..<(try reader.count(limit: ProtocolLimits.verdicts)) {
                entries.append(VerdictEntry(change: try reader.change(), verdict: try reader.verdict()))
            }
            self = .verdicts(entries)
        case 18: self = .grant(try reader.audience(), end: Position(try reader.varint()))
        case 19:
            let lane = try reader.flag() ? try reader.audience() : nil
            let through = Position(try reader.varint())
            self = .deliver(Delivery(lane: lane, through: through, batch: try reader.batch()))
        case 20: self = .revoke(try reader.audiences())
        case 21: self = .current(Position(try reader.varint()))
        case 22: self = .pulse(milliseconds: ZigZag.decode(try reader.varint()))
        case 23: self = .refusal(try reader.reason())
        case 24: self = .tree(try reader.comparison())
        case 25: self = .receipt(try reader.evidence())
        case 26: self = .continued(try reader.continuation())
        case 27: self = .restored(try reader.epochs())
        case 30:
            var ranges: [FingerprintRange] = []
            for _ in 0..<(try reader.count(limit: ProtocolLimits.audiences)) {
                ranges.append(try reader.range())
            }
            self = .differing(ranges)
        case 31: self = .segments(try reader.segments())
        default: return nil
        }
    }
}

/// Cuts a stream of bytes into frames, as they arrive.
public struct FrameDecoder: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0

    public init() {}

    public mutating func append(_ bytes: some Sequence<UInt8>) {
        if start > 0, start >= buffer.count / 2 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole frame, or nil until more bytes have come.
    public mutating func next() throws(ProtocolError) -> Frame? {
        guard buffer.count - start >= 4 else { return nil }
        let length = buffer[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        guard length > 0, length + 4 <= ProtocolLimits.frameBytes else {
            throw ProtocolError(
                .tooLarge, "a frame of \(length) bytes, 1 to \(ProtocolLimits.frameBytes - 4) are allowed")
        }
        guard buffer.count - start >= 4 + length else { return nil }
        let body = Array(buffer[start + 4..<start + 4 + length])
        start += 4 + length
        return try Frame(body: body)
    }

    /// Throws when the stream ended inside a frame.
    public func finish() throws(ProtocolError) {
        guard start == buffer.count else {
            throw ProtocolError(.truncated, "the stream ended inside a frame")
        }
    }
}
