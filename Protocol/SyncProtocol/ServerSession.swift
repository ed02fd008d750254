public import ChangeLog

/// The server's side of a request, as a state machine: it decides what a frame asks for, and refuses
/// what has no place; the shell does it.
public struct ServerSession: Sendable {
    /// Which request the session serves.
    public enum Purpose: Hashable, Sendable { case push, pull }

    /// What the shell is to do.
    public enum Action: Hashable, Sendable {
        case welcome(Hello)
        case judge(Batch)
        /// Take in what somebody else wrote and this device was delivered.
        case offer(Batch)
        /// Keep that these chains are so long now.
        case lodge([LodgedHead])
        /// Take changes that follow for received when they were received before, as far as this shows it.
        case believe([EarlierReceipt])
        case answer([ChangeID])
        case stream(Want)
        case purged([AudienceID])
        /// Tell the newest tree head, and that it goes on from the tree of this size.
        case compare(UInt64)
        case prove(ChangeID)
        /// Tell which parts are otherwise here.
        case tell([RangeFingerprint])
        /// Name large lanes as segments.
        case segment
        /// Let the device go on with a new replica.
        case `continue`(Continuation)
        /// Send this and close.
        case refuse(Reason)
    }

    private enum State: Hashable { case opening, open, streaming, ended }

    private let purpose: Purpose
    private var state = State.opening
    private var hasCompared = false

    public init(_ purpose: Purpose) { self.purpose = purpose }

    public mutating func receive(_ frame: Frame) -> Action {
        switch (state, purpose, frame) {
        case (.opening, _, .hello(let hello)):
            guard hello.version == ProtocolLimits.version else {
                return refuse(.version, "this server speaks version \(ProtocolLimits.version)")
            }
            state = .open
            return .welcome(hello)
        case (.opening, _, _): return refuse(.outOfOrder, "a hello comes first")
        case (.open, .push, .push(let batch)): return check(batch, .judge(batch))
        case (.open, .push, .offer(let batch)): return check(batch, .offer(batch))
        case (.open, .push, .lodge(let heads)): return .lodge(heads)
        case (.open, .push, .evidence(let receipts)): return .believe(receipts)
        case (.open, .push, .ask(let changes)): return .answer(changes)
        case (.open, .push, .purged(let audiences)), (.open, .pull, .purged(let audiences)):
            return .purged(audiences)
        case (.open, _, .compare(let size)) where !hasCompared:
            hasCompared = true
            return .compare(size)
        // What is proved is proved in the tree that was told.
        case (.open, .push, .prove(let change)) where hasCompared: return .prove(change)
        case (.open, _, .fingerprints(let parts)): return .tell(parts)
        case (.open, .pull, .segmented): return .segment
        case (.open, .push, .continue(let continuation)): return .continue(continuation)
        case (.open, .pull, .want(let want)):
            state = .streaming
            return .stream(want)
        default: return refuse(.outOfOrder, "a frame that has no place in a \(purpose)")
        }
    }

    /// A frame could not be read.
    public mutating func receive(_ error: ProtocolError) -> Action {
        state = .ended
        return .refuse(Reason(code: error.code.rawValue, message: error.message, remedy: error.remedy))
    }

    /// What every push must keep, whatever it says: one replica, rising numbers, no positions and no
    /// links. Whether its chains are whole, the intake finds out.
    private mutating func check(_ batch: Batch, _ action: Action) -> Action {
        var last: ChangeID?
        for entry in batch.entries {
            let id = entry.envelope.id
            if let last, id.replica != last.replica || id.number <= last.number {
                return refuse(.malformed, "changes of one replica in the order of their numbers are expected")
            }
            if entry.placement != nil || !entry.links.isEmpty {
                return refuse(.malformed, "a pushed change with a position or links")
            }
            last = id
        }
        return action
    }

    private mutating func refuse(_ code: ProtocolError.Code, _ message: String) -> Action {
        receive(ProtocolError(code, message))
    }
}
