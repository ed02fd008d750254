import Foundation
import Simulation
import Testing

@Suite struct SimulationTests {
    /// Regression 7. Regression 13: P-110 to P-113.
    @Test func `no promise is broken`() async throws {
        let asked = ProcessInfo.processInfo.environment["SIMULATION_SEEDS"].flatMap { UInt64($0) }
        let campaign = try await Campaign.run(
            seeds: 1..<(asked ?? 200) + 1, in: NSTemporaryDirectory(), patience: 1)
        #expect(campaign.broken.isEmpty, "seeds \(campaign.broken)\n\(campaign.story ?? "")")
        guard asked == nil else { return }
        // A fault that never happens is not survived either.
        for fault in Fault.allCases {
            #expect(campaign.faults[fault] > 0, "\(fault.rawValue) never happened")
        }
    }

    @Test func `a seed runs the same way twice`() async throws {
        let folder = NSTemporaryDirectory()
        let transcripts = try await withThrowingTaskGroup(of: [[String]].self) { group in
            for _ in 0..<2 { group.addTask { try await Campaign.transcripts(of: 300..<305, in: folder) } }
            return try await group.reduce(into: [[[String]]]()) { $0.append($1) }
        }
        for (one, other) in zip(transcripts[0], transcripts[1]) where one != other {
            let index = zip(one, other).prefix { $0 == $1 }.map { _ in 1 }.count
            let lines = [one, other].map { $0.dropFirst(index).first ?? "nothing" }
            Issue.record("line \(index): \(lines)")
        }
    }
}
