import ChangeLog
import SyncProtocol

extension Replica {
    /// What became of a batch that was offered.
    fileprivate enum Answer {
        case verdicts([VerdictEntry])
        /// The server does not know whose it is: it may by another time.
        case foreign
        /// Offered again, it is refused again.
        case refused
    }

    /// Offers what a restored server lost of others' changes, each chain once.
    ///
    /// - Returns: whether the server gave any of it a position.
    func offer(over connection: some FrameTransport) async throws -> Bool {
        guard try await read({ try !OfferBox(db: $0.db).chains().isEmpty }) else { return false }
        let chains = try await write { db in
            try OfferBox(db: db).forgetDelivered()
            return try OfferBox(db: db).chains()
        }
        var isTaken = false
        var strangers: Set<ReplicaID> = []
        for chain in chains where !strangers.contains(chain.replica) {
            var number: UInt64 = 0
            while let batch = try await next(of: chain, after: number) {
                let changes = batch.entries.map(\.envelope.id)
                number = changes.last?.number ?? .max
                switch try await answer(to: batch, over: connection) {
                case .verdicts(let entries):
                    isTaken = isTaken || entries.contains { $0.verdict.isPlaced }
                    // What waits is kept, for it waits for what may never come.
                    let settled = entries.filter { !$0.verdict.isWaiting }.map(\.change)
                    try await write { try OfferBox(db: $0).forget(settled) }
                case .refused: try await write { try OfferBox(db: $0).forget(changes) }
                case .foreign:
                    strangers.insert(chain.replica)
                    number = .max
                }
            }
        }
        return isTaken
    }

    private func next(of chain: OfferBox.Chain, after number: UInt64) async throws -> Batch? {
        guard number < UInt64(Int64.max) else { return nil }
        return try await read { try OfferBox(db: $0.db).next(of: chain, after: number) }
    }

    private func answer(to batch: Batch, over connection: some FrameTransport) async throws -> Answer {
        var session = PushSession(hello: try await hello(), offering: batch)
        var verdicts: [VerdictEntry] = []
        var answer: Answer?
        try await connection.converse("/push", sending: session.frames) { frame in
            for action in session.receive(frame) {
                switch action {
                case .welcomed(let welcome): try await note(welcome: welcome)
                case .apply(let entries): verdicts += entries
                case .done: answer = .verdicts(verdicts)
                case .refused(let reason):
                    guard let refused = Answer(refusal: reason.code) else {
                        throw ConnectionError(refusal: reason)
                    }
                    answer = refused
                case .fail(let error): throw error
                }
            }
            return answer == nil
        }
        guard let answer else {
            throw ConnectionError(.interrupted, "The answer to an offer ended early", at: identity.address)
        }
        return answer
    }
}

extension Replica.Answer {
    /// nil for a refusal that says nothing of what was offered.
    fileprivate init?(refusal code: String) {
        switch code {
        case "replica.foreign", "chain.tooLong": self = .foreign
        case let code where ["replica.", "chain."].contains { code.hasPrefix($0) }: self = .refused
        default: return nil
        }
    }
}

extension Verdict {
    fileprivate var isPlaced: Bool { if case .accepted = self { true } else { false } }
    fileprivate var isWaiting: Bool { if case .waiting = self { true } else { false } }
}
