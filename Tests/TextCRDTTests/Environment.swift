import Foundation

/// What a run of the tests is asked for.
enum Environment {
    /// How many random histories, and their first seed.
    static var histories: (first: UInt64, count: UInt64) {
        func number(_ name: String) -> UInt64? {
            ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
        }
        return (number("TEXT_SEED") ?? 1, number("TEXT_HISTORIES") ?? 400)
    }
}
