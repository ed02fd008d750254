import ChangeLog
import Nominations
import Testing

@Suite("Rules are total")
struct AdmissionFuzzTests {
    @Test("Any operations get a verdict, and the same one again")
    func total() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        let key = award.key("Delft", of: award.welfare)
        let records = [
            nomination, award.edition, award.welfare, award.anna.person, key.standing(testHash), record(4242),
        ]
        var verdicts: [String: Int] = [:]
        for round in 0..<60_000 {
            // Some seeds take longer until they have met enough.
            if round >= 3000, verdicts.count > 8, verdicts["accepted"] != nil { break }
            let author = award.everybody.randomElement(using: &random) ?? award.anna
            let audiences: [Audience] = [
                .everyone, .organisation(award.welfare), .nomination(nomination), .jury(record(1)),
                .workgroup,
                .person(author.person),
            ]
            let operations = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                Self.operation(on: records, key, &random)
            }
            let envelope = Envelope(
                id: ChangeID(replica: author.replica, number: 5),
                base: Base(epoch: TestServer.epoch, position: .origin, own: 4),
                time: HybridTime(UInt64.random(in: 0 ... .max, using: &random)),
                audience: (audiences.randomElement(using: &random) ?? .everyone).id,
                schema: UInt32.random(in: 0...3, using: &random))
            let admission = Admission(
                author: .person(author.person, device: author.person), envelope: envelope,
                operations: operations,
                receivedMilliseconds: Int64.random(in: .min ... .max, using: &random))
            let outcome = try award.server.rules.admit(admission, award.server.facts)
            #expect(try award.server.rules.admit(admission, award.server.facts) == outcome)
            switch outcome {
            case .accept: verdicts["accepted", default: 0] += 1
            case .hold(let reason), .refuse(let reason):
                verdicts[reason.code, default: 0] += 1
                // A reason travels without arguments.
                #expect(!(reason.message + reason.remedy).contains("{"))
            }
        }
        #expect(verdicts.count > 8, "too few kinds of verdicts to be worth anything: \(verdicts)")
        #expect(verdicts["accepted", default: 0] > 0)
    }

    private static func operation(
        on records: [RecordID], _ key: NominationKey, _ random: inout SplitMix64
    ) -> Operation {
        let record = records.randomElement(using: &random) ?? record(0)
        let kind = NominationSchema.schema.kinds.randomElement(using: &random)
        let field = kind?.fields.randomElement(using: &random)?.name ?? "title"
        let policy = WritePolicy.allCases.randomElement(using: &random) ?? .register
        let value = RandomValue.make(&random)
        switch Int.random(in: 0..<9, using: &random) {
        case 0, 1:
            let keys = [nil, key.recordKey, .edition(year: 2020), RecordKey([value])]
            return .create(
                record, kind: kind?.kind ?? .example, parent: records.randomElement(using: &random),
                key: keys.randomElement(using: &random) ?? nil)
        case 2: return .remove(record, settling: [])
        case 3: return .insert(record, field, value)
        case 4: return .take(record, field, value)
        case 5: return .resolve(record, field, policy, .value(value), settling: [])
        case 6: return .edit(record, field, check: .empty, [])
        default: return .write(record, field, policy, value)
        }
    }
}

enum RandomValue {
    static func make(_ random: inout SplitMix64, depth: Int = 0) -> Value {
        switch Int.random(in: 0..<(depth < 4 ? 11 : 8), using: &random) {
        case 0: .null
        case 1: .boolean(Bool.random(using: &random))
        case 2: .integer(Int64.random(in: .min ... .max, using: &random))
        case 3: .text(["submitted", "m-GM0503", "e\u{301}", "", "write"].randomElement(using: &random) ?? "")
        case 4: .date(Int32.random(in: .min ... .max, using: &random))
        case 5: .instant(Int64.random(in: .min ... .max, using: &random))
        case 6: .record(record(UInt64.random(in: 0...5, using: &random)))
        case 7: .bytes((0..<Int.random(in: 0...16, using: &random)).map { UInt8($0) })
        default:
            .list((0..<Int.random(in: 0...8, using: &random)).map { _ in make(&random, depth: depth + 1) })
        }
    }
}
