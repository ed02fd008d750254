public import ChangeLog

/// Where an own change stands on its way; others' changes are always accepted.
public enum ChangeState: String, Hashable, Sendable, CaseIterable {
    case accepted
    /// On this device, and durable; sent with the next exchange, again and again until it is answered.
    case queued
    /// The server has it and keeps it out of the order until the secretariat decides.
    case held
    /// The server has it and judges it once the change before it is judged.
    case waiting
    /// In the tray, out of the view.
    case refused

    init?(stored: Int) {
        guard Self.allCases.indices.contains(stored) else { return nil }
        self = Self.allCases[stored]
    }

    var stored: Int {
        switch self {
        case .accepted: 0
        case .queued: 1
        case .held: 2
        case .waiting: 3
        case .refused: 4
        }
    }
}

/// What is known of a change's way into the order.
public struct ChangeStatus: Hashable, Sendable {
    public let change: ChangeID
    public let audience: AudienceID
    public let state: ChangeState
    public let position: Position?
    public let effective: HybridTime?
    /// Why it is held or refused.
    public let reason: Reason?
    /// The number of the change that it waits for, 0 when that is not known.
    public let behind: UInt64?
}
