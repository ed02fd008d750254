/// What a walk over all that the server keeps can find wrong in one place.
public enum AuditFault: String, Codable, Hashable, Sendable, CaseIterable {
    case positionsMissing, positionUnknown, changeUnreadable, columnsOther, baseFuture, verdictMissing
    case verdictTime, verdictOther, bytesAltered, orderBroken, timeOther, stateUnknown, judgedEarly
    case chainBroken, orderMissing, chainEnd, keyMissing, keyUnreadable, signedMissing, signatureOther
    case verdictIncomplete, unsigned, contentsMissing, factOther, originOther, sumOther, rowsMissing
    case beginsElsewhere

    /// In one English sentence.
    ///
    /// - Parameter subject: the numbers or the cause, where the sentence names any.
    public func message(_ subject: String) -> String {
        switch self {
        case .positionsMissing: "Positions \(subject) are missing."
        case .positionUnknown: "It has a position that does not exist."
        case .changeUnreadable: "Its bytes are no change: \(subject)."
        case .columnsOther: "Its columns name another change than its bytes."
        case .baseFuture: "It claims to have seen position \(subject)."
        case .verdictMissing: "Its verdict does not say that it was accepted here."
        case .verdictTime: "Its verdict tells another time."
        case .verdictOther: "Its verdict is about another change."
        case .bytesAltered: "Its bytes are not those that were received."
        case .orderBroken: "It stands after a later change of its replica."
        case .timeOther: "Its effective time is not what its rule gives."
        case .stateUnknown: "It has a state that does not exist."
        case .verdictIncomplete: "It lacks a part of what was decided."
        case .judgedEarly: "It was judged before a change that waits."
        case .chainBroken: "Its chain is broken here."
        case .orderMissing: "It was accepted, but is not in the order."
        case .chainEnd: "It is said to end and ends at other numbers: \(subject)."
        case .keyMissing: "The key of its device is not in the roster."
        case .keyUnreadable: "The key of its device cannot be read: \(subject)"
        case .signedMissing: "It signs a change that is not there."
        case .signatureOther: "It does not fit the change that it signs."
        case .unsigned: "No signature covers it."
        case .contentsMissing: "Its contents are missing."
        case .factOther: "The log gives another value."
        case .originOther: "The log tells another origin."
        case .sumOther: "The log gives another sum."
        case .beginsElsewhere: "It is said to begin elsewhere than its first change."
        case .rowsMissing: "\(subject) rows that follow from the log are missing."
        }
    }
}
