public import ChangeLog

/// The client's side of a push, as a state machine: every change that is sent gets exactly one
/// verdict in the answer, or the push is not done.
public struct PushSession: Sendable {
    /// What the shell is to do.
    public enum Action: Hashable, Sendable {
        case welcomed(Welcome)
        /// Store these verdicts durably.
        case apply([VerdictEntry])
        /// All that was sent has its verdict.
        case done
        case fail(ProtocolError)
        case refused(Reason)
    }

    private enum State: Hashable { case opening, answering, ended }

    private let hello: Hello
    private let lodged: [LodgedHead]
    private let evidence: [EarlierReceipt]
    private let batches: [Batch]
    private let isOffer: Bool
    private let questions: [ChangeID]
    private var state = State.opening
    private var unanswered: Set<ChangeID>

    /// - Parameters:
    ///   - batches: new changes, in the order of their numbers.
    ///   - questions: changes pushed before whose verdict may have moved on.
    ///   - lodged: what is to be known of their chains even if they do not arrive.
    ///   - evidence: what the server said of them before it was restored.
    public init(
        hello: Hello, batches: [Batch], questions: [ChangeID], lodged: [LodgedHead] = [],
        evidence: [EarlierReceipt] = []
    ) {
        self.hello = hello
        self.lodged = lodged
        self.evidence = evidence
        self.batches = batches
        isOffer = false
        self.questions = questions
        unanswered = Set(batches.flatMap { $0.entries.map(\.envelope.id) } + questions)
    }

    /// Changes of somebody else that this replica was delivered.
    public init(hello: Hello, offering batch: Batch) {
        self.hello = hello
        lodged = []
        evidence = []
        batches = [batch]
        questions = []
        isOffer = true
        unanswered = Set(batch.entries.map(\.envelope.id))
    }

    /// What to send, all of it at once: verdicts are not waited for in between.
    public var frames: [Frame] {
        [.hello(hello)] + (lodged.isEmpty ? [] : [.lodge(lodged)])
            + (evidence.isEmpty ? [] : [.evidence(evidence)])
            + batches.map { isOffer ? .offer($0) : .push($0) }
            + (questions.isEmpty ? [] : [.ask(questions)])
    }

    public mutating func receive(_ frame: Frame) -> [Action] {
        if state == .ended { return fail("a frame after the end") }
        switch (state, frame) {
        case (_, .refusal(let reason)):
            state = .ended
            return [.refused(reason)]
        case (.opening, .welcome(let welcome)):
            guard welcome.version == ProtocolLimits.version else {
                state = .ended
                return [.fail(ProtocolError(.version, "the server speaks version \(welcome.version)"))]
            }
            state = .answering
            return [.welcomed(welcome)] + (unanswered.isEmpty ? finish() : [])
        case (.answering, .verdicts(let entries)):
            for entry in entries {
                guard unanswered.remove(entry.change) != nil else {
                    return fail("a verdict about \(entry.change), which was not asked for")
                }
            }
            return [.apply(entries)] + (unanswered.isEmpty ? finish() : [])
        default: return fail("a frame that has no place in a push")
        }
    }

    /// The stream has ended.
    public mutating func end() -> Action? {
        defer { state = .ended }
        guard state != .ended else { return nil }
        return .fail(ProtocolError(.truncated, "the answer ended with \(unanswered.count) verdicts to come"))
    }

    private mutating func finish() -> [Action] {
        state = .ended
        return [.done]
    }

    private mutating func fail(_ message: String) -> [Action] {
        state = .ended
        return [.fail(ProtocolError(.outOfOrder, message))]
    }
}
