package import ChangeLog
public import CoreMetrics
public import Logging
import SyncProtocol

/// What the server takes from the world outside: time, randomness, and places for its log lines and metrics.
public struct ServerEnvironment: Sendable {
    /// The wall clock, milliseconds since 1970 UTC.
    public var nowMilliseconds: @Sendable () -> Int64
    /// This many unpredictable bytes.
    public var randomBytes: @Sendable (Int) -> [UInt8]
    /// Returns after this long, or throws when its task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    public var logger: Logger
    /// Where it counts and measures; nowhere unless one is given.
    public var metrics: any MetricsFactory
    /// With it, transactions run on the thread of whoever asks for them.
    package var probe: TransactionProbe?
    /// Changes in one batch of a delivery; a group that has begun comes whole all the same.
    package var batchEntries = ProtocolLimits.batchEntries
    /// How much of an audience becomes a segment.
    package var segmentMeasure = SegmentMeasure()

    public init(
        nowMilliseconds: @escaping @Sendable () -> Int64,
        randomBytes: @escaping @Sendable (Int) -> [UInt8],
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        logger: Logger, metrics: any MetricsFactory = NOOPMetricsHandler.instance
    ) {
        self.nowMilliseconds = nowMilliseconds
        self.randomBytes = randomBytes
        self.sleep = sleep
        self.logger = logger
        self.metrics = metrics
    }

    /// The logger for libraries: the most talkative of their lines may carry what they were sent.
    var libraryLogger: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .info)
        return logger
    }
}
