import SyncProtocol

/// What kind of people live in one run, and what their network is like: a mixture of its own for each seed,
/// so that what is rare in one is common in another.
public struct Habits: Hashable, Sendable {
    /// One edit of a note.
    enum Deed: Hashable, Sendable, CaseIterable {
        case title, order, colour, delivery, forbidden, remark, stage, tag, text
    }

    /// How often a record is removed rather than edited, percent.
    let removals: Int
    /// How often a tag is taken away where it stands, rather than put in again, percent.
    let takes: Int
    /// How many of ten edits are made where everybody is: in the first note, and in the first team.
    let crowding: Int
    /// Whether some are granted their teams later, when much has happened there.
    let hasLatecomers: Bool
    /// Whether one device does not know all fields.
    let hasOldSchema: Bool
    /// Whether everybody begins with records to edit; else they create them, and meet.
    let isPrepared: Bool
    /// Chance of a fault in each conversation, percent.
    let roughness: Int
    /// Changes in one batch: small ones end in between more often.
    let batchEntries: Int
    private let deeds: [Int]

    init(_ random: inout SplitMix64) {
        removals = [2, 6, 6, 25][random.below(4)]
        takes = [40, 60, 90][random.below(3)]
        crowding = [2, 5, 9][random.below(3)]
        hasLatecomers = random.chance(40)
        hasOldSchema = random.chance(30)
        isPrepared = random.chance(80)
        roughness = [0, 20, 40, 70][random.below(4)]
        batchEntries = [1, 2, 5, ProtocolLimits.batchEntries][random.below(4)]
        deeds = Deed.allCases.map { Self.usual($0) * [0, 1, 1, 4][random.below(4)] }
    }

    private static func usual(_ deed: Deed) -> Int {
        switch deed {
        case .title: 6
        case .tag, .text: 4
        case .remark, .delivery: 2
        case .order, .colour, .forbidden, .stage: 1
        }
    }

    func deed(_ random: inout SplitMix64) -> Deed {
        let total = deeds.reduce(0, +)
        guard total > 0 else { return .title }
        var left = random.below(total)
        for (deed, weight) in zip(Deed.allCases, deeds) {
            left -= weight
            if left < 0 { return deed }
        }
        return .title
    }
}
