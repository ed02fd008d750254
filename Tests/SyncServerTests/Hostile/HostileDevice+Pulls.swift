import ChangeLog
import SyncProtocol

// Pulls that claim to hold what there is not, or what this device may not read.

extension HostileDevice {
    static let pulls = [
        pull("a cursor beyond the newest position", .refusal("cursor.future")) { device in
            let beyond = device.pick([1 << 40, 1 << 63, UInt64.max])
            return Want(cursor: Position(beyond), isLive: false, held: [])
        },
        pull("a lane that ends beyond the newest position", .refusal("cursor.future")) { device in
            let end = Position(device.pick([1 << 40, 1 << 63, UInt64.max]))
            return Want(
                cursor: .origin, isLive: false, held: [.init(audience: device.team, have: .origin, end: end)])
        },
        pull("more of a lane than it has", .refusal("frame.malformed")) { device in
            let have = Position(1 + UInt64(device.below(9)))
            return Want(
                cursor: .origin, isLive: false, held: [.init(audience: device.team, have: have, end: .origin)]
            )
        },
        pull("audiences in falling order", .refusal("frame.malformed")) { device in
            let held = Want.Held(audience: device.team, have: .origin, end: .origin)
            return Want(cursor: .origin, isLive: false, held: [held, held])
        },
        Attack.Family("an audience of others, as if it were held") { device in
            let others = [device.foreignTeam, device.spareAudience()].sorted()
            let held = others.map { Want.Held(audience: $0, have: .origin, end: device.head) }
            return Attack(
                "/pull", [device.hello, .want(Want(cursor: .origin, isLive: false, held: held))],
                .stream(without: others))
        },
        Attack.Family("thousands of audiences that are not there, deleted") { device in
            let names = (0..<2000).map { AudienceID(family: "person", RecordID(.init(high: 1, low: $0))) }
            return Attack("/push", [device.hello, .purged(names), .purged(names)], .stream(without: []))
        },
        Attack.Family("another epoch") { device in
            let hello = Hello(
                replica: device.member.replica, epoch: Epoch(device.random.next()), cursor: .origin)
            let want = Want(cursor: .origin, isLive: false, held: [])
            return Attack("/pull", [.hello(hello), .want(want)], .refusal("epoch.changed"))
        },
        Attack.Family("another's replica in a pull") { device in
            let hello = Hello(replica: device.victim.replica, epoch: nil, cursor: .origin)
            let want = Want(cursor: .origin, isLive: false, held: [])
            return Attack("/pull", [.hello(hello), .want(want)], .refusal("replica.foreign"))
        },
        Attack.Family("a push in a pull") { device in
            let batch = try device.signed([device.change()])
            return Attack("/pull", [device.hello, .push(batch)], .refusal("session.outOfOrder"))
        },
        Attack.Family("a pull that wants nothing") { device in
            Attack("/pull", [device.hello], .refusal("frame.truncated"))
        },
        Attack.Family("an enrolment with a secret of its own") { device in
            let (secret, replica) = (device.bits().hex, device.bits().hex)
            let body = #"{"secret":"\#(secret)","request":"x","replica":"\#(replica)","device":"d"}"#
            return Attack("/enrol", Array(body.utf8), .refusal("body.malformed"))
        },
        Attack.Family("an enrolment that is no JSON") { device in
            let deep = String(repeating: "[", count: 1 + device.below(60_000))
            return Attack("/enrol", Array(deep.utf8), .refusal("body.malformed"))
        },
    ]

    private static func pull(
        _ name: String, _ answer: Attack.Answer, _ want: @escaping @Sendable (inout HostileDevice) -> Want
    ) -> Attack.Family {
        Attack.Family(name) { device in
            let wanted = want(&device)
            return Attack("/pull", [device.hello, .want(wanted)], answer)
        }
    }
}
