import ChangeLog
import Testing
import TextCRDT

@Suite("Chain, checks, times and names")
struct ChainTests {
    private func hash(_ change: Change, previous: ChangeHash = .zero) -> ChangeHash {
        Chain.hash(of: change, previous: previous, hash: Samples.hash)
    }

    @Test func theHashCoversEveryPartOfAChange() {
        let change = Samples.change
        let edits: [(inout Change) -> Void] = [
            { $0.envelope.id = ChangeID(replica: ReplicaID(Identifier128(high: 0, low: 1)), number: 300) },
            { $0.envelope.id = ChangeID(replica: Samples.replica, number: 301) },
            { $0.envelope.base.epoch = Epoch(8) },
            { $0.envelope.base.position = Position(1) },
            { $0.envelope.base.own = 298 },
            { $0.envelope.time = HybridTime(1) },
            { $0.envelope.audience = AudienceID(family: "nomination", Samples.record) },
            { $0.envelope.group = nil },
            { $0.envelope.group = ChangeGroup(index: 1, count: 4) },
            { $0.envelope.group = ChangeGroup(index: 2, count: 3) },
            { $0.envelope.schema = 5 },
            { $0.salt = .seed(Identifier128(high: 1, low: 3)) },
            { $0.salt = .plain(Identifier128(high: 1, low: 2)) },
            { $0.operations.removeLast() },
            { $0.operations.swapAt(0, 1) },
        ]
        var hashes: Set<ChangeHash> = [hash(change), hash(change, previous: hash(change))]
        for edit in edits {
            var other = change
            edit(&other)
            hashes.insert(hash(other))
        }
        #expect(hashes.count == edits.count + 2)
        #expect(hash(change) == hash(change))
    }

    @Test func theInnerHashIsEnoughToWalkTheChain() {
        let commitment = Chain.commitment(of: Samples.change, hash: Samples.hash)
        let inner = Chain.inner(Samples.change.envelope, commitment: commitment, hash: Samples.hash)
        let previous = Samples.hash([1])
        #expect(
            Chain.link(previous: previous, inner: inner, hash: Samples.hash)
                == hash(Samples.change, previous: previous))
    }

    @Test func aSaltDerivedFromItsSeedMayBeToldInItsPlace() throws {
        var told = Samples.change
        told.salt = .plain(try #require(Chain.salt(of: Samples.change, hash: Samples.hash)))
        #expect(hash(told) == hash(Samples.change))
        var next = Samples.change
        next.envelope.id = ChangeID(replica: Samples.replica, number: 301)
        #expect(
            Chain.salt(of: next, hash: Samples.hash) != Chain.salt(of: Samples.change, hash: Samples.hash))
    }

    @Test func aTextCheckDoesNotDependOnOrder() {
        var random = SplitMix64(seed: 5)
        let changes = (1...40).map { number in
            ChangeID(
                replica: ReplicaID(Identifier128(high: 1, low: UInt64(number % 3))), number: UInt64(number))
        }
        let check = TextCheck(changes)
        for _ in 0..<10 { #expect(TextCheck(changes.shuffled(using: &random)) == check) }
        #expect(TextCheck(changes.prefix(10)).adding(TextCheck(changes.dropFirst(10))) == check)
        #expect(TextCheck([]) == .empty)
        for left in changes.indices {
            var fewer = changes
            fewer.remove(at: left)
            #expect(TextCheck(fewer) != check)
        }
    }

    @Test func aHybridTimeAlwaysRisesWhateverTheClockDoes() {
        var time = HybridTime(milliseconds: 1_000)
        for wall: Int64 in [1_000, 1_000, 900, -5, 1_001, 0, 2_000, .max, .max, 0] {
            let next = time.next(wallMilliseconds: wall)
            #expect(next > time)
            #expect(next.milliseconds >= min(wall, 1 << 48 - 1))
            time = next
        }
        #expect(HybridTime(.max).next(wallMilliseconds: 0) == HybridTime(.max))
        #expect(HybridTime(milliseconds: -1) == HybridTime(0))
        #expect(HybridTime(milliseconds: .max).milliseconds == 1 << 48 - 1)
        #expect(HybridTime(milliseconds: 5, counter: 7).counter == 7)
        let full = HybridTime(milliseconds: 5, counter: .max)
        #expect(full.next(wallMilliseconds: 5).milliseconds == 6)
    }

    @Test func whatABaseSawIsToldByThreeNumbers() {
        let envelope = Samples.envelope()
        let other = ReplicaID(Identifier128(high: 9, low: 9))
        let base = envelope.base.position
        #expect(envelope.saw(ChangeID(replica: other, number: 999), at: base))
        #expect(!envelope.saw(ChangeID(replica: other, number: 1), at: Position(base.value + 1)))
        #expect(!envelope.saw(ChangeID(replica: other, number: 1), at: nil))
        #expect(envelope.saw(ChangeID(replica: Samples.replica, number: 299), at: nil))
        #expect(!envelope.saw(envelope.id, at: nil))
        #expect(!envelope.saw(ChangeID(replica: Samples.replica, number: 301), at: Position(1)))
    }

    @Test func aRecordKeyTellsEveryValueAndTheKindApart() {
        let ids = [
            RecordKey([.text("é")]).record(kind: "a", hash: Samples.hash),
            RecordKey([.text("e\u{301}")]).record(kind: "a", hash: Samples.hash),
            RecordKey([.text("é")]).record(kind: "b", hash: Samples.hash),
            RecordKey([.text("é"), .null]).record(kind: "a", hash: Samples.hash),
            RecordKey([]).record(kind: "a", hash: Samples.hash),
        ]
        #expect(Set(ids).count == ids.count)
    }

    @Test func idsAreReadAsTheyAreWrittenAndNoOtherWay() {
        #expect(ChangeID(Samples.second.description) == Samples.second)
        let replica = Samples.replica.description
        for rest in ["", ":", ":0", ":+5", ":05", ":1:2"] { #expect(ChangeID(replica + rest) == nil) }
        #expect(ChangeID("") == nil)
        #expect(ChangeID("x:1") == nil)
        #expect(Identifier128(hex: Samples.record.description) == Samples.record.bits)
        #expect(Identifier128(hex: "0") == nil)
        #expect(Identifier128(bytes: [1]) == nil)
        #expect(ChangeHash(bytes: Array(repeating: 1, count: 31)) == nil)
        #expect(Epoch(hex: Epoch(77).description) == Epoch(77))
        #expect(Epoch(hex: "4d") == nil)
    }

    @Test func namesKeepTheirRule() {
        for name in ["a", "a.b-c_9Z", String(repeating: "a", count: 64)] {
            #expect(RecordKind(name) != nil && FieldName(name) != nil)
        }
        for name in ["", "A", "9", "é", "a b", String(repeating: "a", count: 65)] {
            #expect(RecordKind(name) == nil && FieldName(name) == nil)
        }
        #expect(AudienceID("jury:x-1") != nil)
        for name in ["", "Jury", "jury_x", String(repeating: "a", count: 81)] {
            #expect(AudienceID(name) == nil)
        }
        #expect(Samples.audience.family == "organisation")
        #expect(Samples.audience.subject == Samples.record)
    }
}
