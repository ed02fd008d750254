public import SyncProtocol

/// What carries frames to the server and its answer back.
public protocol FrameTransport: Sendable {
    /// Sends frames to a route and hands each frame of the answer to `receive` until it returns false.
    ///
    /// - Parameter path: `/pull` or `/push`.
    /// - Throws: `ConnectionError`, or what `receive` throws.
    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws
}
