import ChangeLog
import SyncProtocol
import TextCRDT

@testable import SyncServer

// Changes that are told in good form, in a chain that is whole, and that may not stand: each gets its
// verdict, and the chain goes on.

extension HostileDevice {
    static let changes =
        views + contents + records + [
            Attack.Family("an honest edit") { device in
                let change = device.change()
                return try device.kept([change], as: ["accepted"])
            },
            Attack.Family("contents withheld") { device in
                var change = device.change()
                change.body = .commitment(
                    ChangeHash(bytes: device.bits().bytes + device.bits().bytes) ?? .zero)
                return try device.kept([change], as: ["change.withdrawn"])
            },
            // P-172
            Attack.Family("contents that nobody signed") { device in
                var change = device.change()
                let commitment = ChangeHash(bytes: device.bits().bytes + device.bits().bytes) ?? .zero
                change.body = .contents(.erased(commitment: commitment), device.edit())
                return try device.kept([change], as: ["change.withdrawn"])
            },
            Attack.Family("a group with two views") { device in
                let members = device.group(2) { member, envelope in
                    if member == 1 { envelope.base.position = .origin }
                }
                return try device.kept(members, as: ["group.broken", "group.member"])
            },
            Attack.Family("a group with a member that cannot stand") { device in
                var members = device.group(3) { _, _ in }
                members[1].body = .contents(.seed(device.bits()), [.remove(device.record(), settling: [])])
                return try device.kept(members, as: ["group.member", "record.unknown", "group.member"])
            },
        ]

    /// A group in its own audience, whose envelopes may be falsified.
    mutating func group(_ count: UInt8, adjust: (Int, inout Envelope) -> Void) -> [BatchEntry] {
        let first = change()
        var members = [first]
        for _ in 1..<Int(count) { members.append(change()) }
        for index in members.indices {
            members[index].envelope.group = ChangeGroup(index: UInt8(index), count: count)
            members[index].envelope.base = first.envelope.base
            if index > 0 { members[index].previous = nil }
            adjust(index, &members[index].envelope)
        }
        return members
    }

    /// Where a change is made.
    private enum Place { case ownTeam, otherTeam, otherPerson, nowhere, everyone }

    private mutating func audience(_ place: Place) -> AudienceID {
        switch place {
        case .ownTeam: team
        case .otherTeam: foreignTeam
        case .otherPerson: spareAudience()
        case .nowhere: AudienceID(family: "moon", record())
        case .everyone: Roster.audience
        }
    }

    /// A change that is judged and refused.
    private static func judged(
        _ name: String, _ code: String, in place: Place = .ownTeam,
        _ operations: @escaping @Sendable (inout HostileDevice) -> [Operation]
    ) -> Attack.Family {
        Attack.Family(name) { device in
            let audience = device.audience(place)
            let wrong = operations(&device)
            let change = device.change(in: audience, wrong)
            return try device.kept([change], as: [code])
        }
    }

    private static let views = [
        Attack.Family("a base beyond delivery") { device in
            let beyond = device.pick([1_000_000, 1 << 62, UInt64.max >> 1, UInt64.max - device.head.value])
            let change = device.change { $0.base.position = Position($0.base.position.value &+ beyond) }
            return try device.kept([change], as: ["base.future"])
        },
        Attack.Family("a base of another epoch") { device in
            let epoch = Epoch(device.random.next())
            let change = device.change { $0.base.epoch = epoch }
            return try device.kept([change], as: ["base.epoch"])
        },
        judged("an audience of another organisation", "audience.forbidden", in: .otherTeam) {
            [.create($0.record(), kind: "annotation", parent: nil, key: nil)]
        },
        judged("an audience of another person", "audience.forbidden", in: .otherPerson) {
            [.create($0.record(), kind: "annotation", parent: nil, key: nil)]
        },
        judged("an audience without a meaning", "audience.unknown", in: .nowhere) {
            [.create($0.record(), kind: "annotation", parent: nil, key: nil)]
        },
    ]

    private static let records = [
        judged("a kind that nobody knows", "kind.unknown") {
            [.create($0.record(), kind: "martian", parent: nil, key: nil)]
        },
        judged("a kind that stands elsewhere", "kind.misplaced") {
            [.create($0.record(), kind: "association", parent: nil, key: nil)]
        },
        judged("a key that does not give the id", "record.key") {
            [.create($0.record(), kind: "assignment", parent: nil, key: RecordKey([.text("conflict")]))]
        },
        judged("a parent that is not there", "record.parent") {
            [.create($0.record(), kind: "example", parent: $0.record(), key: nil)]
        },
        judged("a record of another kind", "record.exists") {
            [.create($0.note, kind: "assignment", parent: nil, key: nil)]
        },
        judged("a record that is not there", "record.unknown") {
            [.write($0.record(), "quote", .register, .text("x"))]
        },
        // P-170
        judged("an erasure of its own", "roster.server") { device in
            Erasure(
                of: ChangeID(replica: device.victim.replica, number: 1), [ErasureMark(operation: 0, path: [])]
            ).operations(sha256)
        },
        judged("a device of its own making", "roster.server", in: .everyone) {
            [.create($0.record(), kind: Roster.device, parent: nil, key: nil)]
        },
        judged("a role of its own giving", "roster.serverOnly", in: .everyone) {
            [.write($0.member.person, "roles", .decided, .list([.text("secretariat")]))]
        },
    ]

    private static let contents = [
        judged("a policy that is not the field's", "field.policy") {
            [.write($0.note, "quote", .quiet, .text("x"))]
        },
        judged("a value of another type", "field.type") {
            [.write($0.note, "quote", .register, .integer(1))]
        },
        judged("a choice that is none", "field.choice") {
            [.write($0.note, "stance", .register, .text("furious"))]
        },
        judged("a text of another version", "text.version") {
            let check = TextCheck($0.random.next() | 1)
            return [.edit($0.note, "body", check: check, [.insert(at: 0, text: "x")])]
        },
        Attack.Family("a fact under the id of another's record") { device in
            let record = device.victim.person
            let operations: [Operation] = [
                .create(record, kind: "annotation", parent: nil, key: nil),
                .write(record, "roles", .decided, .list([])),
            ]
            let own = AudienceID(family: "person", device.member.person)
            let change = device.change(in: own, operations) { $0.schema = 99 }
            return try device.kept([change], as: ["field.unknown"])
        },
        judged("a candidate that was never made", "resolution.candidate") {
            let kept = ChangeID(replica: ReplicaID($0.bits()), number: 1)
            return [.resolve($0.note, "quote", .register, .keep(kept), settling: [kept])]
        },
    ]

    /// Too dear to be made thousands of times.
    static let large = [
        judged("a change beyond its limit", "change.tooLarge") { device in
            let text = String(repeating: "x", count: Limits.textBytes - 9)
            return (0..<3).map { _ in .write(device.note, "quote", .register, .text(text)) }
        },
        Attack.Family("contents that unfold beyond their limit") { device in
            let settled = (1...1024).map { ChangeID(replica: device.victim.replica, number: $0) }
            let removals = (0..<250).map { _ in Operation.remove(device.note, settling: settled) }
            let change = device.change(removals)
            return try device.refused([change], as: "frame.tooLarge")
        },
        Attack.Family("a frame beyond its limit") { device in
            let bytes = [UInt8](repeating: 7, count: ProtocolLimits.frameBytes - 3)
            let head = UInt64(bytes.count).bigEndianBytes.suffix(4)
            return Attack("/push", device.hello.bytes + head + bytes, .refusal("frame.tooLarge"))
        },
        Attack.Family("more changes than a batch holds") { device in
            let one = device.change()
            let batch = Batch(
                entries: Array(repeating: one, count: ProtocolLimits.batchEntries + 1), heads: [])
            return Attack("/push", [device.hello, .push(batch)], .refusal("frame.tooLarge"))
        },
    ]
}
