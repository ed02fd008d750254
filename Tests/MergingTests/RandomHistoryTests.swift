import ChangeLog
import Merging
import Testing

@Suite("Random histories")
struct RandomHistoryTests {
    static let seeds: [UInt64] = (0..<8).map { 0x5eed_0000 + $0 * 10_000 }

    /// Runs the body for many histories from one seed on; small ones mostly.
    private func each(_ seed: UInt64, count: UInt64, _ body: (RandomHistory, UInt64) -> Void) {
        for offset in 0..<count {
            body(RandomHistory(seed: seed + offset, steps: 6 + Int(offset % 40)), seed + offset)
        }
    }

    private func workspace(_ entries: [LogEntry]) -> Workspace {
        var workspace = Workspace()
        for entry in entries { workspace.insert(entry) }
        return workspace
    }

    // P-051, P-054, P-055, P-056, P-059
    @Test(arguments: seeds)
    func theFoldAgreesWithTheNaiveOne(_ seed: UInt64) {
        each(seed, count: 80) { history, seed in
            let naive = NaiveFold(entries: history.entries)
            var workspace = workspace(history.entries)
            for record in workspace.records(in: Story.audience) {
                guard let merged = workspace.merged(record, in: Story.audience) else { continue }
                for field in merged.fields {
                    let expected = naive.answer(record, field.name, field.policy)
                    let found = NaiveFold.Answer(
                        value: field.value,
                        disputes: Set(field.conflicts.map { Set($0.candidates.map(\.change)) }))
                    #expect(found == expected, "seed \(seed), record \(record), field \(field.name)")
                }
                let (presence, sides) = naive.presence(record)
                #expect(merged.presence == presence, "seed \(seed), record \(record)")
                #expect(
                    Set(merged.conflict?.candidates.map(\.change) ?? []) == sides,
                    "seed \(seed), record \(record)")
                #expect(merged.parent == naive.parent(record), "seed \(seed), record \(record)")
            }
        }
    }

    /// Histories in which nobody meets would prove nothing.
    @Test func peopleMeetInThem() {
        var met: [String: Int] = [:]
        for seed in Self.seeds {
            each(seed, count: 120) { history, _ in
                var workspace = workspace(history.entries)
                for record in workspace.records(in: Story.audience) {
                    guard let merged = workspace.merged(record, in: Story.audience) else { continue }
                    for conflict in merged.conflicts { met[conflict.kind.rawValue, default: 0] += 1 }
                    for event in merged.fields.flatMap(\.history) {
                        met[event.outcome.rawValue, default: 0] += 1
                    }
                    met[merged.presence.rawValue, default: 0] += 1
                }
            }
        }
        let wanted =
            Conflict.Kind.allCases.map(\.rawValue) + FieldEvent.Outcome.allCases.map(\.rawValue)
            + MergedRecord.Presence.allCases.map(\.rawValue)
        for name in wanted { #expect(met[name, default: 0] > 10, "\(name): \(met[name, default: 0])") }
    }

    // P-050
    @Test(arguments: seeds)
    func anyOrderOfArrivalGivesTheSameBytes(_ seed: UInt64) {
        each(seed, count: 40) { history, seed in
            var random = SplitMix64(seed: seed)
            var first = workspace(history.entries)
            for _ in 0..<4 {
                var shuffled = history.entries.shuffled(using: &random)
                shuffled += shuffled.prefix(2)
                var second = workspace(shuffled)
                for record in first.records(in: Story.audience) {
                    let (left, right) = (
                        first.merged(record, in: Story.audience), second.merged(record, in: Story.audience)
                    )
                    #expect(left == right, "seed \(seed)")
                    #expect(left?.canonicalBytes == right?.canonicalBytes, "seed \(seed)")
                    let fold = RecordFold.fold(record: record, entries: shuffled)
                    #expect(fold.fields == left?.fields, "seed \(seed)")
                }
            }
        }
    }

    @Test(arguments: seeds)
    func aWorkspaceKeptUpToDateEqualsOneFromScratch(_ seed: UInt64) {
        each(seed, count: 30) { history, seed in
            var random = SplitMix64(seed: seed)
            var kept = Workspace()
            var held: [LogEntry] = []
            for entry in history.entries.shuffled(using: &random) {
                switch random.below(4) {
                case 0:
                    kept.insert(LogEntry(entry.change, .pending))
                    if case .accepted(let position, let effective) = entry.placement {
                        _ = kept.merged(entry.change.operations[0].record, in: Story.audience)
                        kept.place(entry.id, at: position, effective: effective)
                    }
                    held.append(entry)
                case 1:
                    kept.insert(entry)
                    _ = kept.merged(entry.change.operations[0].record, in: Story.audience)
                    kept.drop(entry.id)
                default:
                    kept.insert(entry)
                    held.append(entry)
                }
                var fresh = workspace(held)
                #expect(kept.records(in: Story.audience) == fresh.records(in: Story.audience))
                for record in RandomHistory.records {
                    let (left, right) = (
                        kept.merged(record, in: Story.audience), fresh.merged(record, in: Story.audience)
                    )
                    #expect(left == right, "seed \(seed)")
                }
            }
        }
    }

    @Test(arguments: seeds)
    func aDigestCoversWhatIsAcceptedUpToItsPositionOnly(_ seed: UInt64) {
        each(seed, count: 20) { history, seed in
            let all = workspace(history.entries)
            for last: UInt64 in [0, 2, 5] {
                let accepted = history.entries.filter { entry in
                    entry.placement.position.map { $0.value <= last } ?? false
                }
                let some = workspace(accepted)
                let (left, right) = (
                    all.digest(of: Story.audience, upTo: Position(last), hash: mixed),
                    some.digest(of: Story.audience, upTo: Position(99), hash: mixed)
                )
                #expect(left == right, "seed \(seed), position \(last)")
            }
        }
    }
}

/// No hash for anything but tests: 32 bytes that depend on every byte.
let mixed: HashFunction = { bytes in
    var words: [UInt64] = [1, 2, 3, 4]
    for (index, byte) in bytes.enumerated() {
        var step = SplitMix64(seed: words[index % 4] ^ UInt64(byte) ^ UInt64(index) << 8)
        words[index % 4] = step.next()
        words[(index + 1) % 4] ^= words[index % 4]
    }
    return ChangeHash(bytes: words.flatMap(\.bigEndianBytes)) ?? .zero
}
