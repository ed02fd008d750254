/// How people treat their disks: most never copy one; some put an older copy back, or go on with two.
struct DiskHabits {
    /// How often a copy is made that something comes of.
    private let copies: Int
    /// How often it is put back rather than brought to life beside the first, percent.
    private let restores: Int
    /// How many steps lie between at most.
    private let patience: Int

    init(_ random: inout SplitMix64) {
        copies = random.chance(40) ? 1 + random.below(4) : 0
        restores = [0, 50, 100][random.below(3)]
        patience = [6, 25, 80][random.below(3)]
    }

    /// Puts the copies between the other steps, which stay as they are.
    ///
    /// The last device may lose its rights, and what a copy of it holds then is lost with it: so it has none.
    func weave(into steps: inout [PlanStep], _ random: inout SplitMix64) {
        for _ in 0..<copies {
            let device = random.below(World.deviceCount - 1)
            let start = random.below(steps.count)
            let end = min(start + 1 + random.below(patience), steps.count)
            let action: PlanStep.Action = random.chance(restores) ? .putBack : .copyReplica
            steps.insert(PlanStep(action: action, device: device, dice: random.next()), at: end)
            steps.insert(PlanStep(action: .keepDisk, device: device, dice: random.next()), at: start)
        }
    }
}
