/// What a simulation does to its network, disks, clocks and people.
public enum Fault: String, Hashable, Sendable, CaseIterable {
    /// The request never came to the server.
    case requestLost
    /// The server got the beginning of a request.
    case requestCut
    /// The server did all that was asked, and no word of it came back.
    case answerLost
    /// The answer ends early, within a frame or between two.
    case answerCut
    /// A copy of the request comes to the server again, later.
    case requestRepeated
    /// Frames take their time.
    case delay
    /// One side does not reach the other for a while.
    case partition
    /// What a side says arrives, and it hears nothing for a while.
    case deafness
    /// Somebody sends what another has sent, or altered bytes of it, with the key of an enrolled device.
    case forgery
    /// A device may not speak any more, retired or lost.
    case deviceRevoked
    /// A program dies before a transaction, or after it, with all that it had in memory.
    case crashBeforeCommit, crashAfterCommit
    /// No transaction can be written for a while.
    case diskFull
    /// A replica's clock jumps, or is years off.
    case wrongClock
    /// Two programs use one replica at once.
    case secondProcess
    /// An edit is made on what a form showed before the last pulls.
    case staleForm
    case grant, revocation, closing, hold, release, decline, refusal
    /// A replica that does not know a field of the others.
    case oldSchema
    /// A change is taken out of the tray and sent again.
    case retry
    /// A change is taken back before it has an answer.
    case takenBack
    /// A disk is lost, and the device goes on from an older copy of it.
    case diskRestored
    /// Two living copies of one replica.
    case replicaCopied
    /// A copy goes on as a replica of its own.
    case continuation
    /// The server is lost, and goes on from a backup, in a new epoch.
    case serverRestored
    /// The server's files are put back as they were: it has forgotten what came since, and does not know.
    case serverPutBack
    /// A device finds out by what was signed that the server has forgotten something.
    case rollbackNoticed
    /// A restored server hears from a device that it had revoked another one, and does it again.
    case revokedAgain
    /// And that somebody is not in a team any more.
    case deniedAgain
    /// A retired device hands in what it has not sent.
    case handedIn
    /// One of two copies of a retired device does.
    case handedInByCopy
    /// A retired device does after a restore of which it had not heard.
    case handedInAfterRestore
    /// What others or the own person write comes and goes while a program stays connected.
    case watched
    /// A program that stays connected comes back by itself after something went wrong.
    case watchResumed
}

/// How often each fault really happened, in one run or in many.
public struct FaultCounts: Hashable, Sendable {
    public private(set) var counts: [Fault: Int] = [:]

    public init() {}

    public subscript(_ fault: Fault) -> Int { counts[fault] ?? 0 }
    public mutating func add(_ fault: Fault, _ times: Int = 1) { counts[fault, default: 0] += times }
    public mutating func add(_ others: FaultCounts) {
        for (fault, times) in others.counts { add(fault, times) }
    }
}
