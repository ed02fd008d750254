import ChangeLog
import SyncProtocol

// Batches in good form whose author, numbers, hashes or signatures are false: nothing of them is kept. Those
// that leave something to come wait, in chains of their own.

extension HostileDevice {
    static let chains = authors + numbers + hashes + waiting

    private static let authors = [
        Attack.Family("another's replica in the hello") { device in
            let hello = Frame.hello(Hello(replica: device.victim.replica, epoch: nil, cursor: .origin))
            let batch = try device.signed([device.change()])
            return Attack("/push", [hello, .push(batch)], .refusal("replica.foreign"))
        },
        Attack.Family("another's replica in the change") { device in
            let victim = device.victim.replica
            let change = device.change { $0.id = ChangeID(replica: victim, number: $0.id.number) }
            return try device.refused([change], as: "replica.foreign")
        },
        Attack.Family("another's replica in everything") { device in
            let victim = device.victim.replica
            let hello = Frame.hello(Hello(replica: victim, epoch: nil, cursor: .origin))
            let change = device.change { $0.id = ChangeID(replica: victim, number: $0.id.number) }
            return Attack("/push", [hello, .push(try device.signed([change]))], .refusal("replica.foreign"))
        },
        Attack.Family("a replica that nobody has") { device in
            let hello = Frame.hello(Hello(replica: ReplicaID(device.bits()), epoch: nil, cursor: .origin))
            let batch = try device.signed([device.change()])
            return Attack("/push", [hello, .push(batch)], .refusal("replica.foreign"))
        },
        Attack.Family("a question about another's change") { device in
            let change = ChangeID(replica: device.victim.replica, number: 1)
            return Attack("/push", [device.hello, .ask([change])], .refusal("replica.foreign"))
        },
    ]

    private static let numbers = [
        Attack.Family("a number that is another change already") { device in
            guard let known = device.accepted?.envelope else {
                return try device.kept([device.change()], as: ["accepted"])
            }
            let change = device.change {
                $0.id = known.id
                $0.base.own = known.base.own
            }
            return try device.refused([change], as: "replica.copied")
        },
        Attack.Family("a number that goes back") { device in
            // 2 was an attempt that left nothing behind.
            let change = device.change {
                $0.id = ChangeID(replica: $0.id.replica, number: 2)
                $0.base.own = 1
            }
            return try device.refused([change], as: "replica.copied")
        },
        Attack.Family("numbers that fall within a batch") { device in
            let (one, two) = (device.change(), device.change())
            return try device.refused([two, one], as: "frame.malformed")
        },
        Attack.Family("a number twice in a batch") { device in
            let change = device.change()
            return try device.refused([change, change], as: "frame.malformed")
        },
        Attack.Family("a number of 2^63 and more") { device in
            let number = device.pick([UInt64(1) << 63, UInt64.max])
            let change = device.change { $0.id = ChangeID(replica: $0.id.replica, number: number) }
            return try device.refused([change], as: "chain.broken")
        },
        Attack.Family("a base that saw a later own change") { device in
            let ahead = UInt64(device.below(1000))
            let change = device.change { $0.base.own = $0.id.number + ahead }
            return try device.refused([change], as: "frame.malformed")
        },
        Attack.Family("a change 0") { device in
            let change = device.change { $0.id = ChangeID(replica: $0.id.replica, number: 0) }
            return try device.refused([change], as: "frame.malformed")
        },
    ]

    private static let hashes = [
        Attack.Family("a previous hash that is not that of the change before") { device in
            let first = device.change()
            var second = device.change()
            second.previous = ChangeHash(bytes: device.bits().bytes + device.bits().bytes)
            return try device.refused([first, second], as: "chain.broken")
        },
        Attack.Family("contents that are not what was signed") { device in
            let change = device.change()
            var batch = try device.signed([change])
            batch.entries[0].body = .contents(.seed(device.bits()), device.edit())
            return Attack("/push", [device.hello, .push(batch)], .refusal("chain.unsigned"))
        },
        Attack.Family("a commitment that is not what was signed") { device in
            var batch = try device.signed([device.change()])
            batch.entries[0].body = .commitment(.zero)
            return Attack("/push", [device.hello, .push(batch)], .refusal("chain.unsigned"))
        },
        Attack.Family("a previous hash that is not what was signed") { device in
            var batch = try device.signed([device.change()])
            batch.entries[0].previous = ChangeHash(bytes: device.bits().bytes + device.bits().bytes)
            return Attack("/push", [device.hello, .push(batch)], .refusal("chain.unsigned"))
        },
        Attack.Family("another's signature") { device in
            let batch = try device.signed([device.change()], by: device.victim.key)
            return Attack("/push", [device.hello, .push(batch)], .refusal("chain.unsigned"))
        },
        Attack.Family("a damaged signature") { device in
            var batch = try device.signed([device.change()])
            var signature = batch.heads[0].signature
            signature[device.below(64)] ^= UInt8(1 << device.below(8))
            batch.heads = [device.head(batch, signature: signature)]
            return Attack("/push", [device.hello, .push(batch)], .refusal("chain.unsigned"))
        },
        Attack.Family("no signature") { device in
            var batch = try device.signed([device.change()])
            batch.heads = []
            return Attack("/push", [device.hello, .push(batch)], .refusal("chain.unsigned"))
        },
        Attack.Family("a signature over a change to come") { device in
            var batch = try device.signed([device.change()])
            batch.heads = [device.head(batch, links: [.zero])]
            return Attack("/push", [device.hello, .push(batch)], .refusal("chain.unsigned"))
        },
    ]

    private func head(_ batch: Batch, links: [ChangeHash] = [], signature: [UInt8]? = nil) -> SignedHead {
        SignedHead(
            replica: member.replica, audience: team, links: links,
            signature: signature ?? batch.heads[0].signature)
    }

    private static let waiting = [
        Attack.Family("a chain whose beginning never comes") { device in
            let spare = device.spareAudience()
            var change = device.change(in: spare)
            change.previous = ChangeHash(bytes: device.bits().bytes + device.bits().bytes)
            return Attack(
                "/push", [device.hello, .push(try device.signed([change]))], .verdicts(["waiting 0"]))
        },
        Attack.Family("a group that never ends") { device in
            let spare = device.spareAudience()
            let change = device.change(in: spare) { $0.group = ChangeGroup(index: 0, count: 16) }
            return Attack(
                "/push", [device.hello, .push(try device.signed([change]))], .verdicts(["waiting 0"]))
        },
        Attack.Family("a group that never begins") { device in
            let spare = device.spareAudience()
            _ = device.change()
            let change = device.change(in: spare) { $0.group = ChangeGroup(index: 1, count: 2) }
            return Attack(
                "/push", [device.hello, .push(try device.signed([change]))], .verdicts(["waiting 0"]))
        },
        Attack.Family("a question about a change that never came") { device in
            let change = ChangeID(replica: device.member.replica, number: 1 << 62 + UInt64(device.below(9)))
            return Attack("/push", [device.hello, .ask([change])], .verdicts(["waiting 0"]))
        },
    ]
}
