import Testing

@testable import SyncServer

@Suite struct TokenBucketTests {
    private func bucket(_ burst: Int64, _ rate: Int64) -> TokenBucket {
        TokenBucket(TrafficLimits.Allowance(burst: burst, rate: rate), now: 1_000)
    }

    @Test func `a burst goes at once, and the rest at the rate`() {
        var bucket = bucket(10, 2)
        var waits: [Int64] = []
        for (amount, now) in [(10, 1_000), (3, 1_000), (0, 2_499), (0, 2_500)] as [(Int64, Int64)] {
            bucket.spend(amount, now: now)
            waits.append(bucket.wait(now: now))
        }
        #expect(waits == [0, 1_500, 1, 0])
    }

    @Test func `rest fills it to the burst and no further`() {
        var bucket = bucket(10, 2)
        bucket.spend(10, now: 1_000)
        let isFull = [5_999, 6_000].map { bucket.isFull(now: $0) }
        #expect(isFull == [false, true])
        bucket.spend(11, now: 1_000_000_000)
        let wait = bucket.wait(now: 1_000_000_000)
        #expect(wait == 500)
    }

    @Test func `a debt is never deeper than a burst`() {
        var bucket = bucket(10, 2)
        let waits = [.max, .max, -.max].map { (amount: Int64) in
            bucket.spend(amount, now: 1_000)
            return bucket.wait(now: 1_000)
        }
        #expect(waits == [5_000, 5_000, 5_000])
    }

    @Test func `a clock that jumps does no harm`() {
        var bucket = bucket(10, 2)
        bucket.spend(12, now: 1_000)
        // Put back: what was used stays used, and time goes on from there. Put forward as far as it goes: it fills.
        let waits = [-.max, -.max + 1_000, .max].map { bucket.wait(now: $0) }
        #expect(waits == [1_000, 0, 0])
    }

    /// P-062: over any time, at most the burst and what the rate brings, but for the last piece.
    @Test(arguments: [1, 2, 3] as [UInt64]) func `nobody gets more than burst and rate`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var bucket = bucket(1_000, 50)
        var (now, used): (Int64, Int64) = (1_000, 0)
        for _ in 0..<2_000 {
            now += Int64.random(in: 0...100, using: &random)
            guard bucket.wait(now: now) == 0 else { continue }
            let amount = Int64.random(in: 1...40, using: &random)
            bucket.spend(amount, now: now)
            used += amount
            #expect(used * 1000 <= (1_000 + 40) * 1000 + (now - 1_000) * 50, "seed \(seed)")
        }
        #expect(used > 1_000, "seed \(seed): it was never slowed down")
    }
}
