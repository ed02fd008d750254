import Testing

@testable import OfflineReplica

@Suite struct BackoffTests {
    @Test func theWaitDoublesUpToTheLongestAndNeverFallsBelowHalfTheFirst() {
        var longest = Backoff(firstMilliseconds: 1000, longestMilliseconds: 300_000)
        var shortest = longest
        var waits: [Int64] = []
        for _ in 0..<12 {
            // The remainder of this number is the largest there can be, for each range that occurs.
            waits.append((0..<2000).map { longest.peek(UInt64($0) &* 0x9e37_79b9_7f4a_7c15) }.max() ?? 0)
            _ = longest.failed(random: 0)
            #expect(shortest.failed(random: 0) == 500)
        }
        for (wait, ceiling) in zip(waits, [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000])
        {
            #expect(wait <= ceiling && wait > Int64(Double(ceiling) * 0.9))
        }
        #expect(waits.suffix(3).allSatisfy { $0 <= 300_000 && $0 > 270_000 })
    }

    @Test func successBeginsAnew() {
        var backoff = Backoff()
        for _ in 0..<40 { _ = backoff.failed(random: UInt64.max) }
        backoff.succeeded()
        #expect(backoff.failed(random: UInt64.max) <= 1000)
    }

    /// P-063
    @Test func whatTheServerAsksForIsWaitedAndIsNoFailure() {
        var backoff = Backoff()
        for random in [0, 999, 1_000, UInt64.max] {
            #expect((7_000...7_999).contains(backoff.asked(7_000, random: random)))
        }
        #expect(backoff.failures == 0 && backoff.failed(random: 0) == 500)
    }

    @Test(
        arguments: [
            (nil, nil), ("", nil), ("0", 0), ("7", 7_000), ("3600", 3_600_000),
            ("99999999999999999999", 3_600_000),
            ("-1", nil), ("1.5", nil), ("Fri, 27 Nov 2026 09:00:00 GMT", nil),
        ] as [(String?, Int64?)])
    func whatAServerSaysAboutWhenToComeBackIsSecondsUpToAnHour(field: String?, milliseconds: Int64?) {
        #expect(RetryAfter.milliseconds(field) == milliseconds)
    }

    @Test(arguments: [
        ("127.0.0.1:8443", "127.0.0.1", 8443), ("[::1]:1", "::1", 1),
        ("sync.example.nl:65535", "sync.example.nl", 65_535),
    ])
    func anAddressIsAHostAndAPort(text: String, host: String, port: Int) {
        #expect(ServerAddress(text)?.host == host)
        #expect(ServerAddress(text)?.port == port)
        #expect(ServerAddress(text)?.description == text)
    }

    @Test(arguments: ["", "host", ":8443", "host:", "host:0", "host:65536", "host:x", "[]:5"])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(ServerAddress(text) == nil)
    }
}

extension Backoff {
    /// What the next wait would be, without waiting.
    fileprivate func peek(_ random: UInt64) -> Int64 {
        var copy = self
        return copy.failed(random: random)
    }
}
