/// How the server's administrator fares: most never need a backup; some restore one, or put files back by themselves.
struct ServerHabits {
    /// How often something becomes of what was kept.
    private let losses: Int
    /// How often files are put back by themselves rather than restored as a backup, percent.
    private let slips: Int
    /// How many steps lie between at most.
    private let patience: Int

    init(_ random: inout SplitMix64) {
        losses = random.chance(40) ? 1 + random.below(3) : 0
        slips = [0, 50, 100][random.below(3)]
        patience = [6, 25, 80][random.below(3)]
    }

    /// Puts the losses between the other steps, which stay as they are.
    func weave(into steps: inout [PlanStep], _ random: inout SplitMix64) {
        for _ in 0..<losses {
            let start = random.below(steps.count)
            let end = min(start + 1 + random.below(patience), steps.count)
            let isSlip = random.chance(slips)
            func step(_ action: PlanStep.Action) -> PlanStep {
                PlanStep(
                    action: action, device: random.below(World.deviceCount), dice: random.next())
            }
            // Half of them wait until all is well again.
            if isSlip, random.chance(50) {
                steps.insert(step(.mendServer), at: min(end + 1 + random.below(patience), steps.count))
            }
            steps.insert(step(isSlip ? .putBackServer : .restoreServer), at: end)
            steps.insert(step(.keepServer), at: start)
        }
    }
}
