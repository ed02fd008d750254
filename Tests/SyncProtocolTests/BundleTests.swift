import ChangeLog
import SyncProtocol
import Testing

@Suite struct BundleTests {
    private let hello = Hello(
        replica: ReplicaID(Identifier128(high: 1, low: 2)), epoch: Epoch(7), cursor: Position(12))

    private func code(_ bytes: [UInt8]) -> ProtocolError.Code? {
        do {
            _ = try Bundle(bytes: bytes)
            return nil
        } catch { return error.code }
    }

    private func batches(_ count: Int) -> [Batch] {
        var source = RandomFrames(seed: FrameCodingTests.seed)
        var batches: [Batch] = []
        while batches.count < count {
            let batch = source.batch(isDelivery: false)
            if !batch.entries.isEmpty { batches.append(batch) }
        }
        return batches
    }

    // P-121
    @Test func aBundleHasTheBytesOfAPushAndReadsBackAsItWas() throws {
        print("seed \(FrameCodingTests.seed)")
        let written = batches(4)
        let bundle = Bundle(hello: hello, batches: written)
        #expect(try Bundle(bytes: bundle.bytes) == bundle)
        #expect(bundle.count == written.map(\.entries.count).reduce(0, +))
        var (reader, read) = (try bundle.batches, [Batch]())
        while let batch = try reader.next() { read.append(batch) }
        #expect(read == written)
        let push = PushSession(hello: hello, batches: written, questions: [])
        #expect(bundle.bytes == push.frames.flatMap(\.bytes))
    }

    // P-121
    @Test func whatIsNoBundleIsRefusedWithItsReason() {
        let written = batches(2)
        let bundle = Bundle(hello: hello, batches: written)
        var old = hello
        old.version = 0
        #expect(code(Bundle(hello: old, batches: written).bytes) == .version)
        #expect(code([]) == .outOfOrder)
        #expect(code(Frame.hello(hello).bytes) == .outOfOrder)
        #expect(code(Frame.push(written[0]).bytes) == .outOfOrder)
        #expect(code(bundle.bytes + Frame.hello(hello).bytes) == .outOfOrder)
        #expect(code(bundle.bytes + Frame.offer(written[0]).bytes) == .outOfOrder)
        #expect(code(bundle.bytes + Frame.push(Batch(entries: [], heads: [])).bytes) == .outOfOrder)
        #expect(code(bundle.bytes + [0, 0, 0]) == .truncated)
        #expect(code(bundle.bytes + [0, 0, 0, 0]) == .tooLarge)
        #expect(code(Array(bundle.bytes.dropLast())) == .truncated)
    }
}
