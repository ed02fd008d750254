import ChangeLog
import OfflineReplica
import SyncProtocol
import Testing

/// A server that refuses whatever it is asked, within an answer that has begun.
private struct RefusingServer: FrameTransport {
    let epoch: Epoch
    let reason: Reason

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        _ = try await receive(.welcome(Welcome(epoch: epoch, head: .origin, milliseconds: 0)))
        _ = try await receive(.refusal(reason))
    }
}

@Suite struct RefusalTests {
    private func error(of code: String) async throws -> ConnectionError? {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        let reason = Reason(code: code, message: "No.", remedy: "Do this.")
        let report = await replica.exchange(
            over: RefusingServer(epoch: replica.identity.epoch, reason: reason))
        try replica.close()
        return report.error as? ConnectionError
    }

    // P-063
    @Test func whoIsStoppedAtALimitInTheMiddleOfAnAnswerStaysAwayForHalfAMinute() async throws {
        let error = try #require(try await error(of: "limit.bytes"))
        #expect(error.code == .throttled && error.retryAfterMilliseconds == 30_000)
        #expect(error.reason?.code == "limit.bytes" && error.remedy == "Do this.")
    }

    @Test func anyOtherRefusalSaysNothingOfWaiting() async throws {
        let error = try #require(try await error(of: "device.retired"))
        #expect(error.code == .rejected && error.retryAfterMilliseconds == nil)
    }
}
