import ChangeLog
import Merging
import OfflineReplica
import SyncProtocol
import Testing

/// Two people and a server doing at random what they may, from a seed. After each step what is read
/// must be what the log gives when it is folded anew; at the end both must have one digest.
struct RandomLife {
    let seed: UInt64

    /// All that lists and searches show.
    private struct Shown: Hashable {
        var summaries: [RecordSummary]
        var found: [RecordID]
        var conflicts: [String]
    }

    private func shown(_ replica: Replica) async throws -> Shown {
        try await replica.read { reader in
            var all: [RecordSummary] = []
            for number in UInt64(1)...4 {
                let record = TestDomain.record(number)
                for audience in try reader.audiences(of: record) {
                    if let summary = try reader.summary(of: record, in: audience) { all.append(summary) }
                }
            }
            return Shown(
                summaries: all, found: try reader.search("word").map(\.record).sorted(),
                conflicts: try reader.conflicts().map(\.conflict.id))
        }
    }

    func run() async throws {
        var random = SplitMix64(seed: seed)
        let bench = try Bench()
        let replicas = [try bench.replica("anna"), try bench.replica("bram")]
        let audiences = [try TestDomain.audience("notes"), try TestDomain.audience("other")]
        for replica in replicas { try await bench.pull(replica, audiences) }
        for step in 0..<40 {
            let replica = replicas[random.below(2)]
            switch random.below(12) {
            case 0..<6: try await edit(replica, audiences, &random)
            case 6, 7: try await push(replica, bench, random.next())
            case 8: try await bench.pull(replica, audiences)
            case 9: bench.server.release(replica.identity.replica)
            case 10:
                try await replica.revoke([audiences[1]])
            default:
                if let item = try await replica.read({ try $0.tray().first }) {
                    // Some are refused again at once, when what they build on is gone.
                    do { try await replica.retry(item.entry) } catch is Reason {
                        try await replica.drop(item.entry)
                    }
                }
            }
            let incremental = try await shown(replica)
            try await replica.rebuild()
            #expect(incremental == (try await shown(replica)), "seed \(seed), step \(step)")
        }
        for _ in 0..<2 {
            for replica in replicas {
                try await bench.sync(replica, audiences)
                bench.server.release(replica.identity.replica)
            }
        }
        for replica in replicas { try await bench.sync(replica, audiences) }
        for replica in replicas {
            #expect(try await replica.digest().pending == 0, "seed \(seed)")
        }
        #expect(
            try await replicas[0].digest().audiences == (try await replicas[1].digest().audiences),
            "seed \(seed)")
    }

    private func push(_ replica: Replica, _ bench: Bench, _ dice: UInt64) async throws {
        try await bench.push(replica) { entry in
            switch (entry.envelope.id.number &+ dice) % 6 {
            case 0: .refuse(TestDomain.forbidden)
            case 1: .hold
            default: .accept
            }
        }
    }

    /// One edit, or one in each audience as a group.
    private func edit(
        _ replica: Replica, _ audiences: [AudienceID], _ random: inout SplitMix64
    ) async throws {
        let chosen = random.chance(20) ? audiences : [audiences[random.below(2)]]
        var drafts: [Draft] = []
        for audience in chosen { drafts.append(try await draft(replica, audience, &random)) }
        do {
            try await replica.record(drafts)
        } catch let reason as Reason {
            // Not created yet, or not back yet after a revocation: that, too, is life.
            #expect(
                ["record.unknown", "audience.arriving"].contains(reason.code), "seed \(seed): \(reason)")
        }
    }

    private func draft(
        _ replica: Replica, _ audience: AudienceID, _ random: inout SplitMix64
    ) async throws -> Draft {
        let number = UInt64(1 + random.below(4))
        let record = TestDomain.record(number)
        let word = "word\(random.below(5))"
        var steps: [DraftOperation] = []
        switch random.below(8) {
        case 0, 1:
            steps = [
                .operation(
                    .create(
                        record, kind: number.isMultiple(of: 2) ? TestDomain.comment : TestDomain.note,
                        parent: number.isMultiple(of: 2) ? TestDomain.record(number - 1) : nil, key: nil))
            ]
        case 2: steps = [.operation(.write(record, "title", .register, .text(word)))]
        case 3: steps = [.operation(.remove(record, settling: []))]
        case 4: steps = [.operation(.restore(record, settling: []))]
        default:
            let text = try await replica.read { try $0.merged(record, in: audience)?["body"]?.value?.text }
            steps = [
                .text(record, "body", random.chance(50) ? word + (text ?? "") : (text ?? "") + " " + word)
            ]
        }
        return Draft(audience, steps)
    }
}
