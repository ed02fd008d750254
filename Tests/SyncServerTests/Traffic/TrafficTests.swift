import ChangeLog
import Testing

@testable import SyncServer

@Suite struct TrafficTests {
    private func id(_ number: UInt64) -> RecordID { RecordID(Identifier128(high: 7, low: number)) }

    private func limits(_ adjust: (inout TrafficLimits) -> Void = { _ in }) -> TrafficLimits {
        var limits = TrafficLimits()
        limits.deviceChanges = .init(burst: 100, rate: 10)
        limits.organisationChanges = .init(burst: 150, rate: 10)
        limits.requestChanges = 1
        adjust(&limits)
        return limits
    }

    private func refusal(_ body: () throws -> Void) -> Traffic.Refusal? {
        do {
            try body()
            return nil
        } catch { return error as? Traffic.Refusal }
    }

    @Test func `whoever has used his burst waits, and is told how long`() throws {
        var traffic = Traffic(limits())
        try traffic.begin(of: id(1), in: nil, now: 0)
        // In debt by ten changes after the first, which take a second.
        let pauses = try [109, 20].map { changes in
            try traffic.spend(changes: changes, bytes: 9, of: id(1), in: nil, now: 0)
        }
        #expect(pauses == [0, 1_000])
        let told = refusal { try traffic.begin(of: id(1), in: nil, now: 0) }
        #expect(told == Traffic.Refusal(limit: .changes, waitMilliseconds: 3_000))
        #expect(refusal { try traffic.begin(of: id(1), in: nil, now: 2_999) } != nil)
        #expect(refusal { try traffic.begin(of: id(1), in: nil, now: 3_000) } == nil)
        // Others are not touched by it.
        #expect(refusal { try traffic.begin(of: id(2), in: nil, now: 0) } == nil)
    }

    @Test func `whoever comes back too early is not answered at once`() throws {
        var traffic = Traffic(limits())
        try traffic.begin(of: id(1), in: nil, now: 0)
        _ = try traffic.spend(changes: 129, bytes: 0, of: id(1), in: nil, now: 0)
        let silences = [0, 1, 2_999, 3_000].map { now in
            refusal { try traffic.begin(of: id(1), in: nil, now: now) }?.silenceMilliseconds
        }
        // Told once, and back before that was over, twice; the last comes in time.
        #expect(silences == [0, 1_000, 1_000, nil])
    }

    @Test func `an organisation shares, and what it used up stops nobody else`() throws {
        var traffic = Traffic(limits())
        for device in [id(1), id(2)] {
            try traffic.begin(of: device, in: id(9), now: 0)
            _ = try traffic.spend(changes: 90, bytes: 0, of: device, in: id(9), now: 0)
        }
        let told = refusal { try traffic.begin(of: id(3), in: id(9), now: 0) }
        #expect(told == Traffic.Refusal(limit: .changes, waitMilliseconds: 3_200))
        #expect(refusal { try traffic.begin(of: id(4), in: id(8), now: 0) } == nil)
        #expect(refusal { try traffic.begin(of: id(1), in: nil, now: 0) } == nil)
    }

    @Test func `bytes have a limit of their own`() throws {
        var traffic = Traffic(limits { $0.deviceBytes = .init(burst: 1_000, rate: 100) })
        try traffic.begin(of: id(1), in: nil, now: 0)
        _ = try traffic.spend(changes: 0, bytes: 1_200, of: id(1), in: nil, now: 0)
        let told = refusal { try traffic.begin(of: id(1), in: nil, now: 0) }
        #expect(told == Traffic.Refusal(limit: .bytes, waitMilliseconds: 2_000))
    }

    @Test func `requests and live pulls have places, which are given back`() throws {
        var traffic = Traffic(
            limits {
                $0.requests = 3
                $0.livePulls = 2
            })
        for _ in 0..<3 { try traffic.begin(of: id(1), in: nil, now: 0) }
        #expect(refusal { try traffic.begin(of: id(1), in: nil, now: 0) }?.limit == .requests)
        for _ in 0..<2 { try traffic.beginLive(of: id(1)) }
        #expect(refusal { try traffic.beginLive(of: id(1)) }?.limit == .pulls)
        traffic.endLive(of: id(1))
        traffic.end(of: id(1))
        #expect(refusal { try traffic.begin(of: id(1), in: nil, now: 0) } == nil)
        #expect(refusal { try traffic.beginLive(of: id(1)) } == nil)
    }

    @Test func `a pause that would be too long is a refusal, and uses nothing`() throws {
        var traffic = Traffic(limits { $0.longestPause = 5_000 })
        try traffic.begin(of: id(1), in: nil, now: 0)
        _ = try traffic.spend(changes: 150, bytes: 0, of: id(1), in: nil, now: 0)
        let waiting = try traffic.spend(changes: 1, bytes: 0, of: id(1), in: nil, now: 100)
        #expect(waiting == 5_000)
        let told = refusal { _ = try traffic.spend(changes: 90, bytes: 0, of: id(1), in: nil, now: 100) }
        #expect(told == Traffic.Refusal(limit: .changes, waitMilliseconds: 5_100))
        #expect(refusal { try traffic.begin(of: id(1), in: nil, now: 5_200) } == nil)
    }

    /// P-062: an honest first upload of months of work, as the client sends it.
    @Test(arguments: [10, 1_000]) func `ten thousand changes go at once`(inRequestsOf size: Int) throws {
        var traffic = Traffic(TrafficLimits())
        let pauses = try (0..<(10_000 / size)).map { _ in
            try traffic.begin(of: id(1), in: id(9), now: 0)
            defer { traffic.end(of: id(1)) }
            return try traffic.spend(changes: size, bytes: size * 2_000, of: id(1), in: id(9), now: 0)
        }
        #expect(pauses.allSatisfy { $0 == 0 })
    }

    @Test func `whoever has rested is forgotten, whoever is active is not`() throws {
        var traffic = Traffic(limits())
        for number in 0..<5_000 {
            try traffic.begin(of: id(UInt64(number)), in: nil, now: Int64(number))
            if number != 0 { traffic.end(of: id(UInt64(number))) }
        }
        #expect(traffic.count < 3_000)
        // The first never ended its request.
        traffic.end(of: id(0))
        for number in 0..<3 { try traffic.begin(of: id(UInt64(number)), in: nil, now: 10_000) }
    }
}
