import ChangeLog
import MunicipalRegister
import Nominations
import Testing

@Suite("The content of a submission")
struct SubmissionContentTests {
    private func sample(_ random: inout SplitMix64) throws -> SubmissionContent {
        let nominee = try #require(NomineeID(text: "m-GM0503"))
        func fields() -> [SubmissionContent.Field] {
            (0..<Int.random(in: 0...3, using: &random)).compactMap { index in
                FieldName("field\(index)").map {
                    SubmissionContent.Field($0, RandomValue.make(&random, depth: 3))
                }
            }
        }
        func candidate(_ number: UInt64) -> SubmittedConflict.Candidate {
            SubmittedConflict.Candidate(
                change: ChangeID(
                    replica: ReplicaID(Identifier128(high: .max, low: number)), number: .max - number),
                role: "write", value: Bool.random(using: &random) ? RandomValue.make(&random, depth: 4) : nil,
                time: HybridTime(.random(in: 0 ... .max, using: &random)))
        }
        let candidates = [candidate(1), candidate(2)]
        let conflict = SubmittedConflict(
            id: "x.title", record: record(1), field: Bool.random(using: &random) ? "title" : nil,
            kind: "value",
            rule: "latest", shown: candidates[0].change, candidates: candidates)
        return SubmissionContent(
            key: NominationKey(edition: record(1), organisation: record(2), nominee: nominee),
            fields: fields(),
            examples: [SubmissionContent.Example(record: record(3), fields: fields())], conflicts: [conflict])
    }

    @Test("It is read back as it was written, also from its bytes")
    func roundTrip() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let content = try sample(&random)
            let value = try Value(canonicalBytes: content.value.canonicalBytes)
            #expect(SubmissionContent(value) == content)
        }
    }

    @Test("Any damage gives another content or none")
    func damage() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        var refused = 0
        for _ in 0..<2000 {
            let content = try sample(&random)
            let damaged = Self.damaged(content.value, &random)
            if damaged == content.value { continue }
            guard let read = SubmissionContent(damaged) else {
                refused += 1
                continue
            }
            #expect(read != content)
            #expect(read.value == damaged)
        }
        #expect(refused > 500)
        for _ in 0..<2000 { _ = SubmissionContent(RandomValue.make(&random)) }
    }

    private static func damaged(_ value: Value, _ random: inout SplitMix64) -> Value {
        guard case .list(var values) = value, !values.isEmpty, Int.random(in: 0..<4, using: &random) > 0
        else {
            return RandomValue.make(&random, depth: 3)
        }
        let index = Int.random(in: 0..<values.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: values.remove(at: index)
        case 1: values.insert(values[index], at: index)
        default: values[index] = damaged(values[index], &random)
        }
        return .list(values)
    }

    @Test("Times that a verdict corrects are no news; a value in another normal form is")
    func sameness() throws {
        var random = SplitMix64(seed: 1)
        let content = try sample(&random)
        var later = content
        later.conflicts[0].candidates[0].time = HybridTime(5)
        #expect(later != content)
        #expect(later.says(theSameAs: content))
        var composed = content
        composed.fields = [SubmissionContent.Field("title", .text("\u{e9}"))]
        var decomposed = content
        decomposed.fields = [SubmissionContent.Field("title", .text("e\u{301}"))]
        #expect(!composed.says(theSameAs: decomposed))
    }
}
