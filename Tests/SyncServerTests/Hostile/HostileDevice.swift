import ChangeLog
import Cryptography
import SecureTransport
import SyncProtocol

@testable import SyncServer

/// An enrolled device that says what it likes: it knows how an honest one speaks, and departs from that in
/// one point at a time.
struct HostileDevice: Sendable {
    let member: ServerMember
    /// Somebody else's device, whose words it would like to speak.
    let victim: ServerMember
    var random: SplitMix64
    /// The newest position that the server told it.
    var head = Position.origin
    /// A record of its own organisation that it may edit.
    let note: RecordID
    /// Its last accepted change.
    private(set) var accepted: BatchEntry?
    /// Every attempt takes a new number: what was refused whole left none behind.
    private var number: UInt64 = 0
    private var tips: [AudienceID: ChangeHash] = [:]

    init(_ member: ServerMember, victim: ServerMember, seed: UInt64) {
        self.member = member
        self.victim = victim
        random = SplitMix64(seed: seed)
        note = RecordID(Identifier128(high: random.next(), low: random.next()))
    }

    var hello: Frame { .hello(Hello(replica: member.replica, epoch: member.epoch, cursor: .origin)) }
    var team: AudienceID { AudienceID(family: "organisation", member.organisation) }
    var foreignTeam: AudienceID { AudienceID(family: "organisation", victim.organisation) }
    /// An audience whose chain may be spoilt.
    mutating func spareAudience() -> AudienceID { AudienceID(family: "person", record()) }

    mutating func bits() -> Identifier128 { Identifier128(high: random.next(), low: random.next()) }
    mutating func record() -> RecordID { RecordID(bits()) }
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// The operations of an edit that an honest member might make.
    mutating func edit() -> [Operation] {
        [.write(note, "quote", .register, .text("woorden \(random.next())"))]
    }

    /// A change that is right in everything, unless `adjust` makes it otherwise before it is hashed.
    mutating func change(
        in audience: AudienceID? = nil, _ operations: [Operation]? = nil,
        adjust: (inout Envelope) -> Void = { _ in }
    ) -> BatchEntry {
        number += 1
        let audience = audience ?? team
        var envelope = Envelope(
            id: ChangeID(replica: member.replica, number: number),
            base: Base(epoch: member.epoch, position: head, own: number - 1),
            time: HybridTime(milliseconds: 1_800_000_000_000 + Int64(number)), audience: audience, schema: 1)
        adjust(&envelope)
        let contents = operations ?? edit()
        return BatchEntry(
            envelope: envelope, body: .contents(.seed(bits()), contents), previous: tips[audience] ?? .zero)
    }

    /// Signs what the entries hash to, chain by chain, as an honest device does.
    func signed(_ entries: [BatchEntry], by key: PrivateKey? = nil) throws -> Batch {
        let heads = try ends(of: entries).sorted { $0.key < $1.key }.map { audience, hash in
            SignedHead(
                replica: entries[0].envelope.id.replica, audience: audience, links: [],
                signature: try (key ?? member.key).sign(SignedHead.message(hash)))
        }
        return Batch(entries: entries, heads: heads)
    }

    private func ends(of entries: [BatchEntry]) -> [AudienceID: ChangeHash] {
        var ends: [AudienceID: ChangeHash] = [:]
        for entry in entries {
            let audience = entry.envelope.audience
            let previous = ends[audience] ?? entry.previous ?? .zero
            ends[audience] = Chain.link(previous: previous, inner: entry.inner(hash: sha256), hash: sha256)
        }
        return ends
    }

    /// A push of entries that the server keeps, so that its chains go on from them.
    mutating func kept(_ entries: [BatchEntry], as codes: [String]) throws -> Attack {
        let batch = try signed(entries)
        tips.merge(ends(of: entries)) { $1 }
        if codes == ["accepted"] { accepted = entries[0] }
        return Attack("/push", [hello, .push(batch)], .verdicts(codes))
    }

    /// A push that is refused whole.
    func refused(_ entries: [BatchEntry], as code: String) throws -> Attack {
        Attack("/push", [hello, .push(try signed(entries))], .refusal(code))
    }

    /// The change of a damaged push stands after all.
    mutating func keep(_ batch: Batch) { tips.merge(ends(of: batch.entries)) { $1 } }
}
