import Foundation
import Synchronization

/// Many seeds, two at a time.
public struct Campaign: Sendable {
    public private(set) var faults = FaultCounts()
    public private(set) var simulatedMilliseconds: Int64 = 0
    /// The seeds that break a promise, in rising order.
    public private(set) var broken: [UInt64] = []
    /// Of the first of them: the smallest plan that was found to break it too, and what happens in it.
    public private(set) var story: String?

    /// Runs on threads of its own, which the simulations own.
    ///
    /// - Parameters:
    ///   - folder: where each run makes a folder that is gone afterwards.
    ///   - patience: after so many broken seeds no more are begun.
    ///   - found: told of each seed that breaks a promise, from any of the threads.
    public static func run(
        seeds: Range<UInt64>, in folder: String, patience: Int = .max,
        found: @escaping @Sendable (UInt64, [Breach]) -> Void = { _, _ in }
    ) async throws -> Campaign {
        let queue = SeedQueue(seeds)
        let halves = try await withThrowingTaskGroup(of: Campaign.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    try await onThread {
                        var campaign = Campaign()
                        while let seed = queue.next() {
                            try campaign.add(seed, in: folder, found)
                            if campaign.broken.count >= patience { queue.close() }
                        }
                        return campaign
                    }
                }
            }
            return try await group.reduce(into: [Campaign]()) { $0.append($1) }
        }
        var whole = Campaign()
        for half in halves {
            whole.faults.add(half.faults)
            whole.simulatedMilliseconds += half.simulatedMilliseconds
            whole.broken += half.broken
        }
        whole.broken.sort()
        if let first = whole.broken.first { whole.story = try await onThread { try tell(first, in: folder) } }
        return whole
    }

    /// What happens in each of these, line by line.
    public static func transcripts(of seeds: Range<UInt64>, in folder: String) async throws -> [[String]] {
        try await onThread { try seeds.map { try Simulation(seed: $0).run(in: folder).transcript } }
    }

    private mutating func add(
        _ seed: UInt64, in folder: String, _ found: (UInt64, [Breach]) -> Void
    ) throws {
        let outcome = try Simulation(seed: seed).run(in: folder)
        faults.add(outcome.faults)
        simulatedMilliseconds += outcome.simulatedMilliseconds
        guard !outcome.breaches.isEmpty else { return }
        broken.append(seed)
        found(seed, outcome.breaches)
    }

    private static func tell(_ seed: UInt64, in folder: String) throws -> String {
        let plan = Plan(seed: seed)
        var shrinking = Shrinking(in: folder)
        let (small, outcome) = try shrinking.shrink(plan, try Simulation(plan).run(in: folder))
        let steps = small.steps.map { "  \($0)" }
        return
            (["seed \(seed), \(small.steps.count) of \(plan.steps.count) steps:"] + steps + outcome.transcript)
            .joined(separator: "\n")
    }

    /// A thread that no task owns.
    private static func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// Seeds that nobody has taken yet.
private final class SeedQueue: Sendable {
    private let left: Mutex<Range<UInt64>>

    init(_ seeds: Range<UInt64>) { left = Mutex(seeds) }

    func close() { left.withLock { $0 = $0.upperBound..<$0.upperBound } }

    func next() -> UInt64? { left.withLock { $0.popFirst() } }
}
