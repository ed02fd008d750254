import Synchronization

/// Bytes that nobody in the simulation can foretell, and that are the same in each run of a seed.
final class Randomness: Sendable {
    private let state: Mutex<SplitMix64>

    init(seed: UInt64) { state = Mutex(SplitMix64(seed: seed)) }

    func bytes(_ count: Int) -> [UInt8] {
        state.withLock { random in (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } }
    }

    func word() -> UInt64 { state.withLock { $0.next() } }
}
