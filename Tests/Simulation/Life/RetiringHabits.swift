/// How the last device goes out of use: in some lives it was copied before, or the server is restored around it.
struct RetiringHabits {
    private let isCopied: Bool
    private let isRestored: Bool
    private let isRetired: Bool

    init(_ random: inout SplitMix64) {
        isRetired = random.chance(25)
        isCopied = random.chance(60)
        isRestored = random.chance(60)
    }

    /// Puts it between the other steps, which stay as they are.
    func weave(into steps: inout [PlanStep], _ random: inout SplitMix64) {
        guard isRetired else { return }
        var actions: [PlanStep.Action] = []
        if isCopied { actions += [.keepDisk, .copyReplica] }
        if isRestored { actions.append(.keepServer) }
        // Edits that it has not sent.
        actions += [.edit, .edit, .exchange, .edit, .edit]
        let end: [PlanStep.Action] = isRestored ? [.restoreServer, .retireDevice] : [.retireDevice]
        actions += random.chance(50) ? end : end.reversed()
        actions += [.exchange, .edit, .exchange]
        let places = actions.map { _ in random.below(steps.count) }.sorted()
        // The last first, so that the places before stay where they are.
        for (action, place) in zip(actions, places).reversed() {
            steps.insert(
                PlanStep(action: action, device: World.deviceCount - 1, dice: random.next()), at: place)
        }
    }
}
