import ChangeLog
import Cryptography
import TextCRDT

/// One of everything that a change can hold.
enum Samples {
    static let hash: HashFunction = { ChangeHash(bytes: SHA256.hash($0).bytes) ?? .zero }

    static let record = RecordID(Identifier128(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10))
    static let parent = RecordID(Identifier128(high: .max, low: 0))
    static let replica = ReplicaID(Identifier128(high: 0xa0, low: 0xb0))
    static let first = ChangeID(replica: replica, number: 1)
    static let second = ChangeID(replica: replica, number: 300)
    static let audience = AudienceID(family: "organisation", record)

    static let values: [Value] = [
        .null, .boolean(false), .boolean(true), .integer(0), .integer(-1), .integer(.max), .integer(.min),
        .text(""), .text("Zo\u{eb}"), .text("Zoe\u{308}"), .text("\u{0}𝄞"), .date(0), .date(.min),
        .date(.max), .instant(0), .instant(.min), .instant(1_763_877_600_000), .record(record), .bytes([]),
        .bytes([0, 255]), .list([]), .list([.null, .list([.text("x")]), .integer(5)]),
        .unknown(tag: 9, bytes: []), .unknown(tag: 15, bytes: [1, 2, 3]),
    ]

    static let operations: [Operation] =
        [
            .create(record, kind: "nomination", parent: nil, key: nil),
            .create(record, kind: "n", parent: parent, key: nil),
            .create(record, kind: "n", parent: nil, key: RecordKey([.integer(1), .text("é")])),
            .create(record, kind: "n", parent: parent, key: RecordKey([])),
            .remove(record, settling: []), .remove(record, settling: [first, second]),
            .restore(record, settling: []), .restore(record, settling: [first]),
            .insert(record, "tags", .text("a")), .take(record, "tags", .text("a")),
            .edit(record, "essay", check: TextCheck(.max), []),
            .edit(
                record, "essay", check: .empty,
                [
                    .insert(at: 0, text: "Zoe\u{308}"), .delete(at: 1, count: 4096),
                    .insert(at: 70_000, text: "x"),
                ]),
            .accept(record, "essay", settling: [first, second]),
        ] + values.map { .write(record, "name", .register, $0) }
        + WritePolicy.allCases.flatMap { policy -> [Operation] in
            [
                .write(record, "f.1_-", policy, .null),
                .resolve(record, "f", policy, .keep(second), settling: [first, second]),
                .resolve(record, "f", policy, .value(.text("é")), settling: []),
            ]
        }

    static func envelope(group: ChangeGroup? = nil) -> Envelope {
        Envelope(
            id: second, base: Base(epoch: Epoch(7), position: Position(1 << 40), own: 299),
            time: HybridTime(milliseconds: 1_763_877_600_000, counter: 3), audience: audience,
            group: group, schema: 0x0102_0304)
    }

    static let change = Change(
        envelope: envelope(group: ChangeGroup(index: 1, count: 3)),
        salt: .seed(Identifier128(high: 1, low: 2)), operations: operations)
}
