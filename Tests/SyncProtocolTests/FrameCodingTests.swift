import ChangeLog
import SyncProtocol
import Testing

@Suite struct FrameCodingTests {
    static let seed = UInt64.random(in: 0...UInt64.max)

    /// A frame reads back as it was written, however the stream is cut.
    @Test func framesSurviveAStreamCutAnywhere() throws {
        print("seed \(Self.seed)")
        var source = RandomFrames(seed: Self.seed)
        var random = SplitMix64(seed: Self.seed)
        let frames = (0..<600).map { _ in source.frame() }
        let stream = frames.flatMap(\.bytes)
        var decoder = FrameDecoder()
        var read: [Frame] = []
        var index = 0
        while index < stream.count {
            let end = min(stream.count, index + Int.random(in: 1...700, using: &random))
            decoder.append(stream[index..<end])
            index = end
            while let frame = try decoder.next() { read.append(frame) }
        }
        try decoder.finish()
        #expect(read == frames)
    }

    /// P-001, P-002: bytes that are no frame give an error, never a trap, and never more memory than they are.
    @Test func damagedFramesAreRefusedOrReadAsSomethingElse() {
        print("seed \(Self.seed)")
        var source = RandomFrames(seed: Self.seed &+ 1)
        var random = SplitMix64(seed: Self.seed &+ 1)
        var refused = 0
        for _ in 0..<4000 {
            var body = Array(source.frame().bytes.dropFirst(4))
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: body[at] = UInt8.random(in: 0...255, using: &random)
                case 1: body.insert(0xff, at: at)
                default: body.removeSubrange(at...)
                }
                if body.isEmpty { break }
            }
            do { _ = try Frame(body: body) } catch { refused += 1 }
        }
        #expect(refused > 1000, "damage is noticed in most cases")
    }

    // P-002, P-061
    @Test func lengthsBeyondTheLimitAreRefusedBeforeTheirBytesCome() {
        var decoder = FrameDecoder()
        decoder.append([0xff, 0xff, 0xff, 0xff])
        #expect(throws: ProtocolError(.tooLarge, "")) { try decoder.next() }
        var empty = FrameDecoder()
        empty.append([0, 0, 0, 0])
        #expect(throws: ProtocolError(.tooLarge, "")) { try empty.next() }
    }

    /// An index of one byte stands for a name of 64: contents are counted as they have to be kept.
    @Test func contentsThatUnfoldBeyondTheLimitAreRefused() throws {
        let field = try #require(FieldName(String(repeating: "f", count: Limits.nameBytes)))
        let one = RecordID(Identifier128(high: 0, low: 1))
        func push(_ count: UInt64) -> Frame {
            let entries = (1...count).map { number in
                BatchEntry(
                    envelope: Envelope(
                        id: ChangeID(replica: ReplicaID(Identifier128(high: 0, low: 1)), number: number),
                        base: Base(epoch: Epoch(1), position: .origin, own: number - 1), time: HybridTime(1),
                        audience: Roster.audience, schema: 1),
                    body: .contents(
                        .plain(Identifier128(high: 0, low: 0)),
                        Array(repeating: .take(one, field, .null), count: 4096)))
            }
            return Frame.push(Batch(entries: entries, heads: []))
        }
        let size = try #require(push(1).pushed.first?.contentBytes.count)
        let most = UInt64(ProtocolLimits.contentBytes / size)
        #expect(try Frame(body: Array(push(most).bytes.dropFirst(4))) == push(most))
        let bytes = push(most + 1).bytes
        #expect(bytes.count < ProtocolLimits.frameBytes / 10)
        #expect(throws: ProtocolError(.tooLarge, "")) { try Frame(body: Array(bytes.dropFirst(4))) }
    }

    @Test func aLaneThatIsHeldBeyondItsEndIsRefused() {
        let held = Want.Held(audience: Roster.audience, have: Position(3), end: Position(2))
        let frame = Frame.want(Want(cursor: .origin, isLive: false, held: [held]))
        #expect(throws: ProtocolError(.malformed, "")) { try Frame(body: Array(frame.bytes.dropFirst(4))) }
    }

    @Test(arguments: [0, 1, 999, 5000])
    func longVerdictsAreDividedOverFramesThatCanBeRead(_ count: Int) throws {
        let text = String(repeating: "é", count: ProtocolLimits.messageBytes)
        let reason = Reason(code: "change.declined", message: text, remedy: text)
        let entries = (0..<count).map { number in
            VerdictEntry(
                change: ChangeID(
                    replica: ReplicaID(Identifier128(high: 0, low: 1)), number: UInt64(number + 1)),
                verdict: count < 1000 ? .refused(reason) : .waiting(behind: 0))
        }
        let frames = Frame.verdicts(dividing: entries)
        #expect(count > 0 || frames == [.verdicts([])])
        var read: [ChangeID] = []
        for frame in frames {
            #expect(frame.bytes.count <= ProtocolLimits.frameBytes)
            let again = try Frame(body: Array(frame.bytes.dropFirst(4)))
            if case .verdicts(let entries) = again { read += entries.map(\.change) }
        }
        #expect(read == entries.map(\.change))
    }

    /// What a sender puts into one batch can be read: also when it is nothing but small records.
    @Test func aBatchOfManyRecordsWithinItsBytesIsRead() throws {
        var random = SplitMix64(seed: 7)
        var entries: [BatchEntry] = []
        for number: UInt64 in 1...20 {
            let removals = (0..<2000).map { _ in
                Operation.remove(
                    RecordID(Identifier128(high: random.next(), low: random.next())), settling: [])
            }
            let envelope = Envelope(
                id: ChangeID(replica: ReplicaID(Identifier128(high: 0, low: 1)), number: number),
                base: Base(epoch: Epoch(1), position: .origin, own: number - 1), time: HybridTime(1),
                audience: Roster.audience, schema: 1)
            entries.append(
                BatchEntry(
                    envelope: envelope, body: .contents(.plain(Identifier128(high: 0, low: 0)), removals)))
        }
        let size = entries.reduce(0) { $0 + ($1.change?.canonicalBytes.count ?? 0) }
        #expect(size < ProtocolLimits.batchBytes)
        let frame = Frame.push(Batch(entries: entries, heads: []))
        #expect(try Frame(body: Array(frame.bytes.dropFirst(4))) == frame)
    }

    @Test func aStreamThatEndsInsideAFrameSaysSo() throws {
        var decoder = FrameDecoder()
        decoder.append(Frame.pulse(milliseconds: 5).bytes.dropLast())
        #expect(try decoder.next() == nil)
        #expect(throws: ProtocolError(.truncated, "")) { try decoder.finish() }
    }

    /// P-010: hashes are taken over the canonical form, so they survive the short form of the wire.
    @Test func aChangeHashesAlikeBeforeAndAfterTheJourney() throws {
        var source = RandomFrames(seed: Self.seed &+ 2)
        let hash: HashFunction = { bytes in
            var words: [UInt64] = [1, 2, 3, 4]
            for (index, byte) in bytes.enumerated() {
                words[index % 4] = (words[index % 4] ^ UInt64(byte)) &* 0x0100_0000_01b3
            }
            return ChangeHash(bytes: words.flatMap(\.bigEndianBytes)) ?? .zero
        }
        let batch = source.batch(isDelivery: true)
        guard
            case .deliver(let delivery) = try Frame(
                body: Array(
                    Frame.deliver(Delivery(lane: nil, through: Position(1), batch: batch)).bytes.dropFirst(4))
            )
        else { throw ProtocolError(.malformed, "another frame") }
        #expect(
            delivery.batch.entries.map { $0.inner(hash: hash) } == batch.entries.map { $0.inner(hash: hash) })
    }

    /// 90 records of 12 fields: what an edit costs on the wire beyond its value.
    @Test(arguments: [(100, 24.0), (1000, 14.0)])
    func anEditOfAFieldIsSmall(count: Int, bytesPerEdit: Double) {
        let replica = ReplicaID(Identifier128(high: 5, low: 6))
        let value = "Vlaardingen"
        var random = SplitMix64(seed: 4)
        let fields: [FieldName] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]
        var entries: [BatchEntry] = []
        for index in 0..<UInt64(count) {
            let envelope = Envelope(
                id: ChangeID(replica: replica, number: index + 1),
                base: Base(epoch: Epoch(1), position: Position(77), own: index),
                time: HybridTime(milliseconds: 1_700_000_000_000 + Int64(index) * 4000),
                audience: AudienceID(family: "organisation", RecordID(Identifier128(high: 1, low: 1))),
                schema: 1)
            let record = RecordID(Identifier128(high: random.next() % 90, low: 3))
            let operation = Operation.write(record, fields[Int(random.next() % 12)], .register, .text(value))
            entries.append(
                BatchEntry(
                    envelope: envelope, body: .contents(.seed(Identifier128(high: 9, low: 9)), [operation]),
                    previous: index == 0 ? .zero : nil))
        }
        let head = SignedHead(
            replica: replica, audience: entries[0].envelope.audience, links: [],
            signature: Array(repeating: 1, count: 64))
        let size = Frame.push(Batch(entries: entries, heads: [head])).bytes.count
        let beyond = Double(size - count * value.utf8.count) / Double(count)
        #expect(beyond <= bytesPerEdit, "\(beyond) bytes")
    }

    /// P-009: who meets a part of a newer version is told to update, not that the other side has a fault.
    @Test func aPartOfANewerVersionAsksForAnUpdate() {
        let error = ProtocolError(ChangeLogError(.unsupported, "operation 11 is not known"))
        #expect(error.code == .unsupported)
        #expect(error.remedy == ProtocolError(.version, "").remedy)
        #expect(ProtocolError(ChangeLogError(.truncated, "")).code == .malformed)
        #expect(ProtocolError(ChangeLogError(.tooLarge, "")).code == .tooLarge)
    }
}

extension Frame {
    fileprivate var pushed: [Change] {
        if case .push(let batch) = self { batch.entries.compactMap(\.change) } else { [] }
    }
}
