import ChangeLog
import Logging
import NIOCore
import SyncProtocol

/// A pull while it is answered: what it was given, for the metrics and for its line in the log.
///
/// An object, so that a live pull keeps one reference while it waits, for hours.
final class OpenPull {
    private let replica: ReplicaID
    private let want: Want
    private let pulls: OpenPulls
    private let number: UInt64
    private let logger: Logger
    private var changes = 0
    private var result = "ok"

    init(of replica: ReplicaID, _ want: Want, among pulls: OpenPulls, _ logger: Logger) {
        self.replica = replica
        self.want = want
        self.pulls = pulls
        self.logger = logger
        number = pulls.open(isLive: want.isLive, at: want.cursor)
    }

    /// A frame has been handed over.
    ///
    /// - Parameters:
    ///   - through: up to where it completes the main stream.
    ///   - refusal: the code of the refusal that it is.
    func gave(changes: Int, through: Position?, refusal: String?) {
        self.changes += changes
        if let through { pulls.given(number, through: through) }
        result = refusal ?? result
    }

    /// The bytes of the frame that tells the device of an error.
    ///
    /// - Throws: the error, when nobody is there to be told.
    func refusal(for error: any Error) throws -> ByteBuffer {
        do {
            let reason = try RequestFailure.reason(for: error, logger)
            result = reason.code
            return ByteBuffer(bytes: Frame.refusal(reason).bytes)
        } catch {
            result = error is CancellationError ? "closed" : FailureCode.text(error)
            throw error
        }
    }

    func close() {
        pulls.close(number)
        LogEntry(
            action: .pull, object: "\(replica)",
            result: "\(result) live=\(want.isLive) from=\(want.cursor) changes=\(changes)"
        ).write(to: logger, .info, want.isLive ? "A live pull has ended" : "Pulled")
    }
}
