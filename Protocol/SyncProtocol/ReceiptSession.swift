public import ChangeLog

/// The client's side of asking for a receipt, as a state machine: the server's newest head first, then
/// what it shows of the change in that tree.
public struct ReceiptSession: Sendable {
    /// What the shell is to do.
    public enum Action: Hashable, Sendable {
        case welcomed(Welcome)
        case compared(TreeComparison)
        /// The answer; nothing more is to be read.
        case proved(ReceiptEvidence)
        case fail(ProtocolError)
        case refused(Reason)
    }

    private enum State: Hashable { case opening, comparing, proving, ended }

    private let hello: Hello
    private let known: UInt64
    private let change: ChangeID
    private var state = State.opening

    /// - Parameter known: the size of the newest tree that is known; 0 for none.
    public init(hello: Hello, known: UInt64, change: ChangeID) {
        self.hello = hello
        self.known = known
        self.change = change
    }

    /// What to send, all of it at once.
    public var frames: [Frame] { [.hello(hello), .compare(known), .prove(change)] }

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
            state = .comparing
            return .welcomed(welcome)
        case (.comparing, .tree(let comparison)):
            state = .proving
            return .compared(comparison)
        case (.proving, .receipt(let evidence)):
            guard evidence.change == change else {
                return fail("a receipt of \(evidence.change), which was not asked for")
            }
            state = .ended
            return .proved(evidence)
        default: return fail("a frame that has no place before a receipt")
        }
    }

    /// The stream has ended.
    public mutating func end() -> Action? {
        defer { state = .ended }
        guard state != .ended else { return nil }
        return .fail(ProtocolError(.truncated, "the answer ended before the receipt"))
    }

    private mutating func fail(_ message: String) -> Action {
        state = .ended
        return .fail(ProtocolError(.outOfOrder, message))
    }
}
