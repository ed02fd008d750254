import ChangeLog

/// Which chains have changes that no reader gets, or may have, since the rest of a push is not here yet: asked once for
/// each, or given.
final class WithheldChains {
    private let ledger: ServerLedger
    private let given: Set<Int64>?
    private var known: [GrowingBatch.Chain: Bool] = [:]

    /// - Parameter given: all replicas of which it is so, in one audience; nil asks.
    init(_ ledger: ServerLedger, given: Set<Int64>? = nil) {
        self.ledger = ledger
        self.given = given
    }

    func contains(_ chain: GrowingBatch.Chain) throws -> Bool {
        if let given { return given.contains(chain.replica) }
        if let known = known[chain] { return known }
        let answer = try ledger.hasWithheld(chain) || ledger.leadsBeyond(chain)
        known[chain] = answer
        return answer
    }

    /// The replicas of those that were found.
    var replicas: Set<Int64> { given ?? Set(known.filter(\.value).keys.map(\.replica)) }
}
