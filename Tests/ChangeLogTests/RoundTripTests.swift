import ChangeLog
import Testing
import TextCRDT

@Suite("The byte form, there and back")
struct RoundTripTests {
    @Test(arguments: Samples.values)
    func everyValueComesBack(_ value: Value) throws {
        let bytes = value.canonicalBytes
        let read = try Value(canonicalBytes: bytes)
        #expect(read == value)
        #expect(read.canonicalBytes == bytes)
    }

    @Test func noTwoValuesHaveTheSameBytes() {
        let all = Samples.values.map(\.canonicalBytes)
        #expect(Set(all).count == all.count)
    }

    @Test func theFormOfAValueIsWhatTheTableSays() {
        #expect(Value.null.canonicalBytes == [0x00])
        #expect(Value.boolean(false).canonicalBytes == [0x01])
        #expect(Value.boolean(true).canonicalBytes == [0x11, 1])
        #expect(Value.integer(-2).canonicalBytes == [0x12, 3])
        #expect(Value.text("é").canonicalBytes == [0x23, 0xc3, 0xa9])
        #expect(Value.date(1).canonicalBytes == [0x14, 2])
        #expect(Value.list([.null, .boolean(true)]).canonicalBytes == [0x38, 0x00, 0x11, 1])
        #expect(Value.bytes(Array(repeating: 9, count: 8)).canonicalBytes.prefix(2) == [0x87, 0x01])
    }

    @Test(arguments: Samples.operations)
    func everyOperationComesBack(_ operation: Operation) throws {
        var writer = ByteWriter()
        writer.put(contents: [operation])
        var reader = ByteReader(writer.bytes)
        #expect(try reader.contents() == [operation])
        try reader.finish()
    }

    @Test func noTwoOperationsHaveTheSameBytes() {
        let all = Set(Samples.operations).map { operation in
            var writer = ByteWriter()
            writer.put(contents: [operation])
            return writer.bytes
        }
        #expect(Set(all).count == all.count)
    }

    @Test func aWholeChangeComesBack() throws {
        for salt: Salt in [.seed(Identifier128(high: 1, low: 2)), .plain(Identifier128(high: 1, low: 2))] {
            var change = Samples.change
            change.salt = salt
            let read = try Change(canonicalBytes: change.canonicalBytes)
            #expect(read == change)
            #expect(read.canonicalBytes == change.canonicalBytes)
        }
    }

    @Test func anEnvelopeHasTheOffsetsOfTheTable() throws {
        let envelope = Samples.envelope(group: ChangeGroup(index: 1, count: 3))
        let bytes = envelope.canonicalBytes
        #expect(bytes[0] == 1)
        #expect(Array(bytes[1..<17]) == Samples.replica.bytes)
        #expect(Array(bytes[17..<25]) == [0, 0, 0, 0, 0, 0, 1, 44])
        #expect(Array(bytes[25..<33]) == [0, 0, 0, 0, 0, 0, 0, 7])
        #expect(Array(bytes[33..<41]) == [0, 0, 1, 0, 0, 0, 0, 0])
        #expect(Array(bytes[41..<49]) == [0, 0, 0, 0, 0, 0, 1, 43])
        #expect(Array(bytes[57..<61]) == [1, 2, 3, 4])
        #expect(Array(bytes[61..<63]) == [1, 3])
        #expect(bytes[63] == UInt8(bytes.count - 64))
        #expect(try Envelope(canonicalBytes: bytes) == envelope)
        #expect(try Envelope(canonicalBytes: Samples.envelope().canonicalBytes).group == nil)
    }

    @Test func settledChangesAreWrittenInOrderAndOnce() throws {
        var writer = ByteWriter()
        writer.put(contents: [
            .remove(Samples.record, settling: [Samples.second, Samples.first, Samples.second])
        ])
        var reader = ByteReader(writer.bytes)
        let inOrder = [Samples.first, Samples.second]
        #expect(try reader.contents() == [.remove(Samples.record, settling: inOrder)])
    }

    @Test func equalChangesHaveEqualBytesEachTime() {
        let bytes = Samples.change.canonicalBytes
        for _ in 0..<20 { #expect(Samples.change.canonicalBytes == bytes) }
    }

    @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, 1 << 35, UInt64.max - 1, .max])
    func aVarintComesBackInItsShortestForm(_ number: UInt64) throws {
        var writer = ByteWriter()
        writer.put(varint: number)
        let bits = max(1, 64 - number.leadingZeroBitCount)
        #expect(writer.bytes.count == (bits + 6) / 7)
        var reader = ByteReader(writer.bytes)
        #expect(try reader.varint() == number)
    }

    @Test(arguments: [0, 1, -1, 63, -64, .max, Int64.min])
    func aSignedNumberComesBack(_ number: Int64) {
        #expect(ZigZag.decode(ZigZag.encode(number)) == number)
    }
}
