public import ChangeLog
import SyncProtocol

/// What the server decided about one own change, as programs above this one see it.
public struct Judgement: Hashable, Sendable {
    public let change: ChangeID
    public let state: ChangeState
    /// Of an accepted change.
    public let position: Position?
    /// Why it is held or refused.
    public let reason: Reason?
    /// The number of the change that it waits for; 0 when that is not known.
    public let behind: UInt64?
}

extension Judgement {
    fileprivate init(_ entry: VerdictEntry) {
        change = entry.change
        var (position, reason, behind): (Position?, Reason?, UInt64?) = (nil, nil, nil)
        switch entry.verdict {
        case .accepted(let given, effective: _):
            state = .accepted
            position = given
        case .held(let why):
            state = .held
            reason = why
        case .waiting(let number):
            state = .waiting
            behind = number
        case .refused(let why):
            state = .refused
            reason = why
        }
        (self.position, self.reason, self.behind) = (position, reason, behind)
    }
}

extension ExchangeReport {
    /// The last verdict on each change of the exchange, by replica and number.
    public var judgements: [Judgement] {
        var last: [ChangeID: Judgement] = [:]
        for entry in told { last[entry.change] = Judgement(entry) }
        return last.values.sorted { $0.change < $1.change }
    }
}
