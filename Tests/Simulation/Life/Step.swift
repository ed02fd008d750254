/// One thing that happens, with dice of its own: a plan from which steps are taken away leaves the others
/// as they were.
public struct PlanStep: Hashable, Sendable {
    enum Action: Hashable, Sendable, CaseIterable {
        case edit, editTogether, openForm, submitForm, resolve, exchange, exchangeSecond, live, wait
        case crashReplica, crashServer, stopServer, restartServer, cutOff, deafen, reconnect, fillDisk,
            freeDisk
        case turnClock, grant, revoke, openSeason, closeSeason, release, decline, retry, drop, takeBack
        case rebuild, forge, revokeDevice
        case keepDisk, putBack, copyReplica
        case keepServer, restoreServer, putBackServer, mendServer
        case retireDevice
        case watch

        /// What happens to a disk as a whole: `DiskHabits`, `ServerHabits` and `RetiringHabits` say when, and no weight.
        static let ofDisks: Set<Self> = [
            .keepDisk, .putBack, .copyReplica, .keepServer, .restoreServer, .putBackServer, .mendServer,
            .retireDevice, .watch,
        ]
    }

    let action: Action
    /// Of the device that it is about.
    let device: Int
    let dice: UInt64
}

extension PlanStep: CustomStringConvertible {
    public var description: String { "\(action) \(device) \(String(dice, radix: 16))" }
}

/// All that happens in one run.
public struct Plan: Hashable, Sendable {
    public let seed: UInt64
    public let habits: Habits
    public var steps: [PlanStep]

    /// - Parameter length: how many steps.
    public init(seed: UInt64, length: Int = 120) {
        self.seed = seed
        var random = SplitMix64(seed: seed)
        habits = Habits(&random)
        // Some people edit more, some networks fail more.
        var weights: [PlanStep.Action: Int] = [:]
        for action in PlanStep.Action.allCases where !PlanStep.Action.ofDisks.contains(action) {
            weights[action] = Self.usual(action) * [0, 1, 1, 2][random.below(4)]
        }
        if habits.hasLatecomers {
            weights[.grant, default: 0] += 8
            weights[.revoke, default: 0] += 2
        }
        weights[.edit, default: 0] += 10
        weights[.exchange, default: 0] += 8
        let total = weights.values.reduce(0, +)
        steps = (0..<length).map { _ in
            var left = random.below(total)
            let action = PlanStep.Action.allCases.first { action in
                left -= weights[action] ?? 0
                return left < 0
            }
            return PlanStep(
                action: action ?? .edit, device: random.below(World.deviceCount), dice: random.next())
        }
        // Drawn last: a life without copies of disks is what it would be if there were none.
        let disks = DiskHabits(&random)
        disks.weave(into: &steps, &random)
        let server = ServerHabits(&random)
        server.weave(into: &steps, &random)
        let retiring = RetiringHabits(&random)
        retiring.weave(into: &steps, &random)
        // Some stay connected.
        for _ in 0..<(random.chance(35) ? 1 + random.below(6) : 0) {
            let step = PlanStep(
                action: .watch, device: random.below(World.deviceCount), dice: random.next())
            steps.insert(step, at: random.below(steps.count))
        }
    }

    private static func usual(_ action: PlanStep.Action) -> Int {
        switch action {
        case .edit: 40
        case .exchange: 25
        case .editTogether, .openForm, .submitForm, .resolve, .wait: 7
        case .retry, .grant, .revoke, .exchangeSecond, .release, .live: 3
        case .crashReplica, .crashServer, .stopServer, .restartServer, .cutOff, .deafen, .reconnect,
            .turnClock, .closeSeason, .openSeason, .decline, .takeBack, .forge:
            2
        case .fillDisk, .freeDisk, .drop, .rebuild, .revokeDevice: 1
        case .keepDisk, .putBack, .copyReplica, .keepServer, .restoreServer, .putBackServer, .mendServer,
            .retireDevice, .watch:
            0
        }
    }
}
