/// What a walk over all that the server keeps can find wrong in one place.
public enum AuditFault: String, Codable, Hashable, Sendable, CaseIterable {
    case positionsMissing, positionUnknown, changeUnreadable, columnsOther, baseFuture, verdictMissing
    case verdictTime, verdictOther, bytesAltered, orderBroken, timeOther, stateUnknown, judgedEarly
    case chainBroken, orderMissing, chainEnd, keyMissing, keyUnreadable, signedMissing, signatureOther
    case verdictIncomplete, unsigned, contentsMissing, factOther, originOther, sumOther, rowsMissing
    case beginsElsewhere, behindOther, erasedUnsaid, erasureUndone
    case treeGap, nodeOther, leafUnknown, leafOther, leafOrder, leafMissing
    case headUnsigned, headOther, headBeyond, headMissing

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
        case .behindOther: "It is said to wait for another change than it does."
        case .erasedUnsaid: "Something of it is erased, and nobody says so."
        case .erasureUndone: "It still has what was erased."
        case .rowsMissing: "\(subject) rows that follow from the log are missing."
        case .treeGap: "Hashes \(subject) of the tree of receipts are missing before it."
        case .nodeOther: "It is not the hash of the two subtrees below it."
        case .leafUnknown: "It is about a change that is not there."
        case .leafOther: "It does not say what its change and verdict say."
        case .leafOrder: "It gives another position than the next one, \(subject)."
        case .leafMissing: "No leaf of the tree says so."
        case .headUnsigned: "It is not signed by this server in this epoch."
        case .headOther: "The tree had another root then: what came before was rewritten."
        case .headBeyond: "The tree was put back: it has fewer leaves than were signed: \(subject)."
        case .headMissing: "No signed head covers all of its \(subject) leaves."
        }
    }
}
