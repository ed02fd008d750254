/// Makes a plan that breaks a promise smaller, until every step that is left is needed (Zeller &
/// Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002).
public struct Shrinking: Sendable {
    private let folder: String
    /// Runs at most; each takes a fraction of a second.
    private var left: Int

    public init(in folder: String, runs: Int = 200) {
        self.folder = folder
        left = runs
    }

    /// - Returns: a smaller plan that breaks one of the same promises, and what came of it.
    public mutating func shrink(
        _ plan: Plan, _ outcome: Simulation.Outcome
    ) throws -> (plan: Plan, outcome: Simulation.Outcome) {
        let broken = Set(outcome.breaches.map(\.checker))
        var (best, found) = (plan, outcome)
        var size = max(best.steps.count / 2, 1)
        while size >= 1, left > 0 {
            var start = 0
            while start < best.steps.count, left > 0 {
                var smaller = best
                smaller.steps.removeSubrange(start..<min(start + size, best.steps.count))
                left -= 1
                let tried = try Simulation(smaller).run(in: folder)
                if tried.breaches.contains(where: { broken.contains($0.checker) }) {
                    (best, found) = (smaller, tried)
                } else {
                    start += size
                }
            }
            size /= 2
        }
        return (best, found)
    }
}
