public import ChangeLog

/// The client's side of a question that is answered in one frame, as a state machine.
public struct QuestionSession: Sendable {
    /// What is asked.
    public enum Question: Hashable, Sendable {
        /// To go on with a new replica; the hello is still of the one that is continued.
        case `continue`(Continuation)
        /// Which of these parts the server has otherwise.
        case compare([RangeFingerprint])
    }

    /// What the shell is to do.
    public enum Action: Hashable, Sendable {
        case welcomed(Welcome)
        /// The new replica is the device's; nothing more is to be read.
        case continued
        /// The parts that are otherwise there; nothing more is to be read.
        case differing([FingerprintRange])
        case fail(ProtocolError)
        case refused(Reason)
    }

    private enum State: Hashable { case opening, asking, ended }

    private let hello: Hello
    private let question: Question
    private var state = State.opening

    public init(hello: Hello, question: Question) {
        self.hello = hello
        self.question = question
    }

    /// What to send, all of it at once.
    public var frames: [Frame] {
        switch question {
        case .continue(let continuation): [.hello(hello), .continue(continuation)]
        case .compare(let parts): [.hello(hello), .fingerprints(parts)]
        }
    }

    public mutating func receive(_ frame: Frame) -> Action {
        switch (state, frame, question) {
        case (.ended, _, _): return fail("a frame after the end")
        case (_, .refusal(let reason), _):
            state = .ended
            return .refused(reason)
        case (.opening, .welcome(let welcome), _):
            guard welcome.version == ProtocolLimits.version else {
                state = .ended
                return .fail(ProtocolError(.version, "the server speaks version \(welcome.version)"))
            }
            state = .asking
            return .welcomed(welcome)
        case (.asking, .continued(let told), .continue(let asked)) where told == asked:
            state = .ended
            return .continued
        case (.asking, .differing(let ranges), .compare(let parts))
        where Set(ranges).isSubset(of: parts.map(\.range)):
            state = .ended
            return .differing(ranges)
        default: return fail("a frame that has no place in the answer to a question")
        }
    }

    /// The stream has ended.
    public mutating func end() -> Action? {
        defer { state = .ended }
        guard state != .ended else { return nil }
        return .fail(ProtocolError(.truncated, "the stream ended before the answer to a question"))
    }

    private mutating func fail(_ message: String) -> Action {
        state = .ended
        return .fail(ProtocolError(.outOfOrder, message))
    }
}
