import Foundation
import Simulation

/// `simulate [SEEDS [START]]`: runs so many seeds on two threads, and says what happened to them and what
/// was found. Of the first seed that breaks a promise, the smallest story that does so is told.
@main enum Simulate {
    static func main() async throws {
        let numbers = CommandLine.arguments.dropFirst().map { UInt64($0) }
        guard numbers.count <= 2, numbers.allSatisfy({ $0 != nil }) else {
            print("usage: simulate [SEEDS [START]]")
            exit(2)
        }
        let (count, start) = (
            numbers.first.flatMap { $0 } ?? 200, numbers.dropFirst().first.flatMap { $0 } ?? 1
        )
        let begin = Date()
        let campaign = try await Campaign.run(
            seeds: start..<start + count, in: NSTemporaryDirectory(),
            found: { seed, breaches in
                print("seed \(seed):")
                for breach in breaches.prefix(5) { print("  \(breach.checker.rawValue): \(breach.message)") }
                fflush(nil)
            })
        if ProcessInfo.processInfo.environment["SIMULATE_STORY"] != nil {
            for line in try await Campaign.transcripts(of: start..<start + count, in: NSTemporaryDirectory())
                .joined()
            {
                print(line)
            }
        }
        let seconds = Date().timeIntervalSince(begin)
        if let story = campaign.story { print(story) }
        print("\(count) seeds from \(start), \(campaign.broken.count) break a promise: \(Int(seconds)) s")
        print(
            "simulated hours per minute: \(Int(Double(campaign.simulatedMilliseconds) / 3_600_000 / seconds * 60))"
        )
        for fault in Fault.allCases { print("  \(fault.rawValue): \(campaign.faults[fault])") }
        exit(campaign.broken.isEmpty ? 0 : 1)
    }
}
