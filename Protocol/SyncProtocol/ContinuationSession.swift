public import ChangeLog

/// The client's side of going on with a new replica, as a state machine.
public struct ContinuationSession: Sendable {
    /// What the shell is to do.
    public enum Action: Hashable, Sendable {
        case welcomed(Welcome)
        /// The new replica is the device's; nothing more is to be read.
        case done
        case fail(ProtocolError)
        case refused(Reason)
    }

    private enum State: Hashable { case opening, asking, ended }

    private let hello: Hello
    private let continuation: Continuation
    private var state = State.opening

    /// - Parameter hello: still of the replica that is continued.
    public init(hello: Hello, continuation: Continuation) {
        self.hello = hello
        self.continuation = continuation
    }

    /// What to send, all of it at once.
    public var frames: [Frame] { [.hello(hello), .continue(continuation)] }

    public mutating func receive(_ frame: Frame) -> Action {
        switch (state, frame) {
        case (.ended, _): return fail("a frame after the end")
        case (_, .refusal(let reason)):
            state = .ended
            return .refused(reason)
        case (.opening, .welcome(let welcome)):
            guard welcome.version == ProtocolLimits.version else {
                state = .ended
                return .fail(ProtocolError(.version, "the server speaks version \(welcome.version)"))
            }
            state = .asking
            return .welcomed(welcome)
        case (.asking, .continued(continuation)):
            state = .ended
            return .done
        default: return fail("a frame that has no place in a continuation")
        }
    }

    /// The stream has ended.
    public mutating func end() -> Action? {
        defer { state = .ended }
        guard state != .ended else { return nil }
        return .fail(ProtocolError(.truncated, "the answer ended before the new replica was known"))
    }

    private mutating func fail(_ message: String) -> Action {
        state = .ended
        return .fail(ProtocolError(.outOfOrder, message))
    }
}
