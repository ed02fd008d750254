import Foundation

/// One run of a plan, from an empty server to the last check.
public struct Simulation: Sendable {
    /// What came of it.
    public struct Outcome: Sendable {
        public let breaches: [Breach]
        public let faults: FaultCounts
        /// Line by line what happened; equal for equal plans.
        public let transcript: [String]
        /// How long it took in the simulation, milliseconds.
        public let simulatedMilliseconds: Int64
        /// How many jobs ran.
        public let moments: Int
    }

    public let plan: Plan

    public init(_ plan: Plan) { self.plan = plan }
    public init(seed: UInt64) { plan = Plan(seed: seed) }

    /// Runs on the calling thread, which no task may own, in a folder that is gone afterwards.
    ///
    /// - Throws: what the simulation itself cannot do; what breaks a promise is in the outcome.
    public func run(in parent: String) throws -> Outcome {
        let folder = parent + "/simulation-\(UUID())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer {
            // Left behind, it would only take space.
            try? FileManager.default.removeItem(atPath: folder)
        }
        let world = try World(seed: plan.seed, habits: plan.habits, folder: folder)
        return try world.executor.inCharge {
            try live(in: world)
            return Outcome(
                breaches: world.log.breaches, faults: world.log.faults, transcript: world.log.lines,
                simulatedMilliseconds: world.clock.now - 1_800_000_000_000, moments: world.executor.moment)
        }
    }

    private func live(in world: World) throws {
        let player = Player(world)
        do {
            try world.found()
            if plan.habits.isPrepared { try player.prepare() }
            for step in plan.steps { try player.play(step) }
            try Ending(player).run()
        } catch is World.Stuck {
            world.log.report(.quiescence, "something waits for what can never come")
        } catch {
            world.log.report(.errors, "an error that nobody expects: \(error)")
        }
        world.end()
    }
}
