import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol

/// What an edit of one field costs on the wire beyond its value, everything counted.
extension Measures {
    func bytes() throws -> [Figure] {
        try [(100, 24.0), (1000, 14.0)].flatMap { count, limit in
            try [false, true].map { isDelivered in
                // By count alone, so that every round gives another draw.
                let overheads = try (0..<rounds).map { round in
                    try Self.overhead(of: count, isDelivered: isDelivered, seed: UInt64(round + 1))
                }
                return Figure(
                    "bytes per edit beyond its value, \(count) in a batch \(isDelivered ? "delivered" : "pushed")",
                    Samples(ours: overheads), "B", against: nil, .atMost(limit))
            }
        }
    }

    /// Bytes of all frames, less those of the values, for each edit: 90 records with 12 fields, any of them
    /// by chance, ten seconds after the edit before.
    private static func overhead(of count: Int, isDelivered: Bool, seed: UInt64) throws -> Double {
        var generator = SplitMix64(seed: seed)
        let bits = { Identifier128(high: generator.next(), low: generator.next()) }
        let (replica, seedOfSalts, organisation) = (ReplicaID(bits()), bits(), RecordID(bits()))
        let audience = AudienceID(family: "organisation", organisation)
        let records = (0..<90).map { _ in RecordID(bits()) }
        var entries: [BatchEntry] = []
        var valueBytes = 0
        var time: Int64 = 1_700_000_000_000
        for index in 1...count {
            time += Int64.random(in: 2_000...18_000, using: &generator)
            let length = Int.random(in: 4...16, using: &generator)
            valueBytes += length
            let stamp = HybridTime(milliseconds: time)
            entries.append(
                BatchEntry(
                    envelope: Envelope(
                        id: ChangeID(replica: replica, number: UInt64(index)),
                        base: Base(epoch: Epoch(seed), position: Position(5000), own: UInt64(index - 1)),
                        time: stamp, audience: audience, schema: 1),
                    body: .contents(
                        .seed(seedOfSalts),
                        [
                            .write(
                                records[Int.random(in: 0..<90, using: &generator)],
                                Self.names[Int.random(in: 0..<12, using: &generator)], .register,
                                .text(String(repeating: "x", count: length)))
                        ]),
                    previous: index == 1 && !isDelivered ? .zero : nil,
                    placement: isDelivered
                        ? BatchEntry.Placement(position: Position(5000 + UInt64(index)), effective: stamp)
                        : nil
                ))
        }
        let head = SignedHead(
            replica: replica, audience: audience, links: [], signature: [UInt8](repeating: 0, count: 64))
        let batch = Batch(entries: entries, heads: [head])
        let frame: Frame =
            isDelivered
            ? .deliver(Delivery(lane: nil, through: Position(5000 + UInt64(count)), batch: batch))
            : .push(batch)
        let opening =
            isDelivered
            ? [] : Frame.hello(Hello(replica: replica, epoch: Epoch(seed), cursor: Position(5000))).bytes
        return Double(opening.count + frame.bytes.count - valueBytes) / Double(count)
    }

    private static let names: [FieldName] = [
        "status", "title", "address", "category", "year", "score", "reviewer", "remark", "phone", "latitude",
        "longitude", "photo",
    ]
}
