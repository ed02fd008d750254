import ChangeLog
import Testing
import TextCRDT

@Suite("What a decoder refuses")
struct DecoderErrorTests {
    private func refusal(of bytes: [UInt8]) -> ChangeLogError.Code? {
        var reader = ByteReader(bytes)
        do {
            _ = try reader.contents()
            try reader.finish()
            return nil
        } catch {
            return error.code
        }
    }

    private func refusal(ofValue bytes: [UInt8]) -> ChangeLogError.Code? {
        do {
            _ = try Value(canonicalBytes: bytes)
            return nil
        } catch {
            return error.code
        }
    }

    private func refusal(ofChange bytes: [UInt8]) -> ChangeLogError.Code? {
        do {
            _ = try Change(canonicalBytes: bytes)
            return nil
        } catch {
            return error.code
        }
    }

    private let record = Samples.record.bytes
    private let field: [UInt8] = [1, 102]

    // P-001
    @Test func numbersInALongerFormThanNeeded() {
        for bytes: [UInt8] in [
            [0x80, 0], [0x81, 0], [0xff, 0x80, 0], Array(repeating: 0xff, count: 10),
            Array(repeating: 0x80, count: 11),
        ] {
            var reader = ByteReader(bytes)
            #expect(throws: ChangeLogError(.malformed, "")) { try reader.varint() }
        }
        var reader = ByteReader([0x80])
        #expect(throws: ChangeLogError(.truncated, "")) { try reader.varint() }
    }

    // P-001
    @Test func valuesThatBreakTheTable() {
        #expect(refusal(ofValue: []) == .truncated)
        #expect(refusal(ofValue: [0x13]) == .truncated)
        #expect(refusal(ofValue: [0x10, 0]) == .trailing)
        #expect(refusal(ofValue: [0x00, 0]) == .trailing)
        #expect(refusal(ofValue: [0x11, 2]) == .malformed)
        #expect(refusal(ofValue: [0x11, 0]) == .malformed)
        #expect(refusal(ofValue: [0x02]) == .truncated)
        #expect(refusal(ofValue: [0x22, 0x80, 0]) == .malformed)
        #expect(refusal(ofValue: [0x13, 0xff]) == .notUTF8)
        #expect(refusal(ofValue: [0x33, 0xed, 0xa0, 0x80]) == .notUTF8)
        #expect(refusal(ofValue: [0x54, 0x80, 0x80, 0x80, 0x80, 0x20]) == .malformed)
        #expect(refusal(ofValue: [0x16, 0]) == .truncated)
        var writer = ByteWriter()
        writer.put(varint: UInt64.max)
        #expect(refusal(ofValue: writer.bytes) == .tooLarge)
    }

    @Test func listsAreEightDeepAtMost() throws {
        var value = Value.list([])
        for _ in 0..<Limits.listDepth - 1 { value = .list([value]) }
        #expect(try Value(canonicalBytes: value.canonicalBytes) == value)
        #expect(refusal(ofValue: Value.list([value]).canonicalBytes) == .tooLarge)
    }

    @Test func operationsThatBreakTheTable() {
        #expect(refusal(of: []) == .truncated)
        #expect(refusal(of: [0]) == .malformed)
        #expect(refusal(of: [0xff, 0x7f]) == .tooLarge)
        #expect(refusal(of: [1, 0]) == .unsupported)
        #expect(refusal(of: [1, 11] + record) == .unsupported)
        #expect(refusal(of: [1, 4] + record.prefix(15)) == .truncated)
        #expect(refusal(of: [1, 4] + record + [0]) == .malformed)
        #expect(refusal(of: [1, 4] + record + [1, 65]) == .malformed)
        #expect(refusal(of: [1, 4] + record + [65]) == .tooLarge)
        #expect(refusal(of: [1, 4] + record + field + [6, 0]) == .unsupported)
        #expect(refusal(of: [1, 4] + record + field + [0, 0]) == .unsupported)
        #expect(refusal(of: [1, 4] + record + field + [1, 0, 9]) == .trailing)
        #expect(refusal(of: [1, 1] + record + [1, 65, 0]) == .malformed)
        #expect(refusal(of: [1, 1] + record + field + [4]) == .malformed)
        #expect(refusal(of: [1, 1] + record + field + [2, 9]) == .tooLarge)
    }

    @Test func settledChangesOutOfOrderOrTwice() {
        let (one, two) = (Samples.replica.bytes + [1], Samples.replica.bytes + [2])
        #expect(refusal(of: [1, 2] + record + [2] + one + two) == nil)
        #expect(refusal(of: [1, 2] + record + [2] + two + one) == .malformed)
        #expect(refusal(of: [1, 2] + record + [2] + one + one) == .malformed)
        #expect(refusal(of: [1, 2] + record + [1] + Samples.replica.bytes + [0]) == .malformed)
        #expect(refusal(of: [1, 2] + record + [0x81, 0x08]) == .tooLarge)
    }

    @Test func textEditsBeyondTheLargestText() {
        let head = [1, 9] + record + field + Array(repeating: 0, count: 8)
        #expect(refusal(of: head + [1, 1, 3]) == nil)
        #expect(refusal(of: head + [1, 1, 0]) == .tooLarge)
        #expect(refusal(of: head + [1, 0, 0]) == .tooLarge)
        #expect(refusal(of: head + [1, 0, 1, 0xff]) == .notUTF8)
        #expect(refusal(of: head + [1, 0, 0xff, 0xff, 0xff, 0x7f]) == .tooLarge)
        #expect(refusal(of: head + [1, 0xff, 0xff, 0xff, 0xff, 0x1f, 1]) == .tooLarge)
        #expect(refusal(of: head + [0x81, 0x80, 0x04]) == .tooLarge)
    }

    @Test func changesThatBreakTheTable() {
        let bytes = Samples.change.canonicalBytes
        let envelope = Int(bytes[0])
        #expect(refusal(ofChange: bytes) == nil)
        #expect(refusal(ofChange: bytes + [0]) == .trailing)
        #expect(refusal(ofChange: Array(repeating: 0, count: Limits.changeBytes + 17)) == .tooLarge)
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(refusal(ofChange: Array(bytes.prefix(count))) != nil, "\(count) bytes")
        }
        #expect(envelope < 128, "one byte of length")
        let broken: [(Int, UInt8, ChangeLogError.Code)] = [
            (1, 2, .unsupported), (62, 3, .malformed), (63, 17, .malformed), (64, 0, .malformed),
            (65, 65, .malformed), (66, 0xff, .notUTF8),
        ]
        for (offset, byte, code) in broken {
            var bytes = bytes
            bytes[offset] = byte
            #expect(refusal(ofChange: bytes) == code, "byte \(offset)")
        }
        var salt = bytes
        salt[1 + envelope] = 3
        #expect(refusal(ofChange: salt) == .malformed)
    }

    @Test func envelopesThatContradictThemselves() {
        var envelope = Samples.envelope()
        envelope.base.own = envelope.id.number
        #expect(throws: ChangeLogError(.malformed, "")) { try envelope.validate() }
        envelope.base.own = 0
        envelope.id = ChangeID(replica: Samples.replica, number: 1)
        envelope.group = ChangeGroup(index: 1, count: 2)
        #expect(throws: ChangeLogError(.malformed, "")) { try envelope.validate() }
        envelope.group = nil
        #expect(throws: Never.self) { try envelope.validate() }
        envelope.id = ChangeID(replica: Samples.replica, number: 0)
        #expect(throws: ChangeLogError(.malformed, "")) {
            try Envelope(canonicalBytes: envelope.canonicalBytes)
        }
        #expect(ChangeGroup(index: 2, count: 2) == nil)
        #expect(ChangeGroup(index: 0, count: 1) == nil)
        #expect(ChangeGroup(index: 0, count: 17) == nil)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func damagedBytesGiveAnErrorOrAnotherChangeAndNeverATrap(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let whole = Samples.change.canonicalBytes
        var refused = 0
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[place] = 0xff
                case 2: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                }
            }
            do {
                // What is read is written as it stood: no two byte forms of one change.
                #expect(try Change(canonicalBytes: bytes).canonicalBytes == bytes, "seed \(seed)")
            } catch {
                refused += 1
            }
        }
        #expect(refused > 500, "seed \(seed)")
    }

    @Test(arguments: [11, 12] as [UInt64])
    func noiseNeverTraps(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<5_000 {
            let count = Int.random(in: 0..<60, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = refusal(of: bytes)
            _ = refusal(ofValue: bytes)
            _ = refusal(ofChange: bytes)
        }
    }

    /// Two inserted texts of the largest size merge to one in which indexes go beyond either.
    @Test func anIndexMayLieBeyondTheLargestInsertedText() throws {
        let far = Limits.textBytes * 3
        let edits: [TextOperation] = [.insert(at: far, text: "x"), .delete(at: far, count: Limits.textBytes)]
        let operation = Operation.edit(Samples.record, "essay", check: .empty, edits)
        var writer = ByteWriter()
        writer.put(contents: [operation])
        var reader = ByteReader(writer.bytes)
        #expect(try reader.contents() == [operation])
        for edit: TextOperation in [
            .insert(at: 1 << 31, text: "x"), .delete(at: 0, count: Limits.textBytes + 1),
        ] {
            var writer = ByteWriter()
            writer.put(contents: [.edit(Samples.record, "essay", check: .empty, [edit])])
            #expect(refusal(of: writer.bytes) == .tooLarge)
        }
    }
}
