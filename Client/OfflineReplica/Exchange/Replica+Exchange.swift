import ChangeLog
package import SyncProtocol
import TransparencyLog

extension Replica {
    /// One exchange with the server: pull, prepare, push, and pull what the push brought about; and again, as long
    /// as that lets something be prepared.
    ///
    /// It goes on where an earlier one stopped, whenever that was; every step is durable before the
    /// next begins. Another process that synchronises this replica makes it end with `busy`.
    ///
    /// - Parameter prepare: runs after the pull and before the push, to record what follows from
    ///   merged state (a submission made anew).
    public func exchange(
        over connection: some FrameTransport, prepare: (Replica) async throws -> Void = { _ in }
    ) async -> ExchangeReport {
        var report = ExchangeReport()
        do {
            let lock = try syncLock()
            defer { lock.release() }
            var (isRetired, hasRegistered) = (false, false)
            for attempt in 1... {
                do {
                    if isRetired {
                        try await handIn(over: connection, into: &report)
                    } else {
                        try await pullAndPush(over: connection, prepare: prepare, into: &report)
                        try await renewCertificate(over: connection, report.clockOffsetMilliseconds)
                        try await keepReceipts(over: connection)
                    }
                    break
                } catch let error where Self.isCopied(error) && attempt <= Self.continuations {
                    try await goOn(over: connection, into: &report)
                } catch let error where Self.isForeign(error) && !hasRegistered {
                    // A restored server may not know any more as whom this copy goes on.
                    hasRegistered = true
                    guard try await registerAgain(over: connection) else { throw error }
                } catch let error where Self.isRetired(error) && !isRetired {
                    isRetired = true
                } catch is EpochBegan where attempt < Self.pullAttempts {
                    continue
                }
            }
            report.isComplete = true
        } catch {
            report.error = error
        }
        return report
    }

    private func pullAndPush(
        over connection: some FrameTransport, prepare: (Replica) async throws -> Void,
        into report: inout ExchangeReport
    ) async throws {
        var differing = try await pull(over: connection, isLive: false, into: &report).differing
        try await leaveLost(over: connection, into: &report)
        var unprepared: (any Error)?
        for _ in 1...Self.preparations {
            // What cannot be prepared is told at the end: it keeps nothing that was recorded from being sent.
            unprepared = await error(of: prepare)
            let hasPositions = try await push(over: connection, into: &report)
            let hasOffered = try await offer(over: connection)
            guard hasPositions || hasOffered else { break }
            // A colleague may have sent something between the first pull and the push.
            differing = try await pull(over: connection, isLive: false, into: &report).differing
        }
        try await mend(differing, over: connection, into: &report)
        if let unprepared { throw unprepared }
        if let unfit = report.unfit { throw unfit }
    }

    /// How often at most: who goes on sending without end is not waited for.
    private static let preparations = 4

    /// nil when it was prepared.
    func error(of prepare: (Replica) async throws -> Void) async -> (any Error)? {
        do {
            try await prepare(self)
            return nil
        } catch { return error }
    }

    /// - Throws: `ConnectionError.busy` while another process synchronises this replica.
    func syncLock() throws -> SyncLock {
        guard let lock = try lockForSync() else {
            throw ConnectionError(.busy, "Another program is synchronising \(folder)", at: folder)
        }
        return lock
    }

    /// How often a pull begins anew where another program of this replica has gone on meanwhile.
    private static let pullAttempts = 3

    /// What a pull brought beside what was applied.
    package struct Pulled: Sendable {
        /// Parts of audiences that were otherwise here than at the server.
        var differing: [FingerprintRange] = []
        /// What is here already, and was asked for again.
        var again: [Delivery] = []
        /// Stretches of lanes that are to be fetched.
        var segments: [SegmentList] = []
    }

    /// Receives until the server says that all is there; for a live pull, until the stream ends.
    ///
    /// Another program may pull at the same time. What no longer follows what is here, since the other one
    /// was first, is not taken: the pull begins anew at what is here now.
    ///
    /// - Parameter part: has this part of an audience, which is here, delivered again.
    @discardableResult package func pull(
        over connection: some FrameTransport, isLive: Bool, again part: FingerprintRange? = nil,
        into report: inout ExchangeReport,
        onProgress: (PullSession.Action) async throws -> Void = { _ in }
    ) async throws -> Pulled {
        var attempt = 1
        var files = isLive || part != nil ? nil : connection as? any SegmentTransport
        var differing: [FingerprintRange]?
        while true {
            do {
                let ways = Ways(isLive: isLive, part: part, compares: differing == nil, fetches: files != nil)
                var pulled = try await comparingPasts(over: connection) {
                    try await pullOnce(over: connection, ways, into: &report, onProgress)
                }
                if let differing { pulled.differing = differing }
                guard let transport = files, !pulled.segments.isEmpty else {
                    if !isLive, part == nil { try segments.keep([]) }
                    return pulled
                }
                // What is behind them in their lanes comes with another pull, which need not compare again.
                differing = pulled.differing
                if try await !take(pulled.segments, over: transport, into: &report) { files = nil }
            } catch let error as ReplicaError where error.code == .outOfOrder && attempt < Self.pullAttempts {
                attempt += 1
            } catch is EpochBegan where part == nil && attempt < Self.pullAttempts {
                attempt += 1
            }
        }
    }

    /// What is special about a pull.
    private struct Ways {
        let isLive: Bool
        /// What is here, and is to be delivered again.
        let part: FingerprintRange?
        /// Whether it asks what differs.
        let compares: Bool
        /// Whether it takes segments.
        let fetches: Bool
    }

    private func pullOnce(
        over connection: some FrameTransport, _ ways: Ways, into report: inout ExchangeReport,
        _ onProgress: (PullSession.Action) async throws -> Void
    ) async throws -> Pulled {
        let purged = try await purged()
        let known = try await knownTree()
        let told = try await read { try Promises(db: $0.db).last() }
        let hello = try await hello()
        var elsewhere: Epoch?
        var want = try await want(isLive: ways.isLive)
        // While it mends it does not ask what is to be mended.
        let compares = !ways.isLive && ways.part == nil && ways.compares
        let fingerprints = compares ? try await fingerprints(of: want, in: hello.epoch) : []
        if let part = ways.part { want.ask(again: part) }
        var session = PullSession(
            hello: hello, want: want, known: known?.head.size ?? 0, fingerprints: fingerprints,
            takesSegments: ways.fetches)
        var opening = session.opening
        if !purged.isEmpty { opening.insert(.purged(purged), at: 1) }
        var isCurrent = false
        var pulled = Pulled()
        var collected = report
        defer { report = collected }
        try await connection.converse("/pull", sending: opening) { frame in
            let action = session.receive(frame)
            if case .welcomed(let welcome) = action, welcome.epoch != hello.epoch {
                elsewhere = welcome.epoch
            }
            if case .apply(let delivery) = action, let part = ways.part, delivery.lane == part.audience {
                pulled.again.append(delivery)
            } else if case .differing(let ranges) = action {
                pulled.differing = ranges
            } else if case .fetch(let list) = action {
                pulled.segments.append(list)
            } else if case .current = action, !pulled.segments.isEmpty {
                // Not all is here yet.
            } else {
                try await perform(action, knowing: known, elsewhere: elsewhere, into: &collected)
            }
            // Granted again it would begin anew, and these lead on from where it was.
            if case .revoke(let audiences) = action {
                pulled.segments.removeAll { audiences.contains($0.lane) }
            }
            // Only now it is known to be the server that is to be told.
            if case .compared = action { try await confirmPurged(purged) }
            try await onProgress(action)
            if case .current(let position) = action {
                try Self.check(told, against: position)
                isCurrent = true
            }
            return ways.isLive || !isCurrent
        }
        guard session.end() == nil, isCurrent else {
            throw ConnectionError(.interrupted, "The server's stream ended early", at: identity.address)
        }
        return pulled
    }

    /// - Parameters:
    ///   - known: the tree head that was known when the conversation began.
    ///   - elsewhere: the epoch of the server, where that is not the one of this replica.
    private func perform(
        _ action: PullSession.Action, knowing known: SignedTreeHead?, elsewhere: Epoch?,
        into report: inout ExchangeReport
    ) async throws {
        switch action {
        case .welcomed(let welcome):
            report.clockOffsetMilliseconds = offset(of: welcome.milliseconds)
            if elsewhere == nil { try await note(welcome: welcome) }
        case .restored(let epochs):
            guard let epoch = elsewhere else { throw ReplicaError(.epoch, "an epoch without a welcome") }
            report.restoration = try await rewind(to: epoch, epochs)
            throw EpochBegan()
        case .compared(let comparison): try await compare(comparison, with: known)
        case .grant(let audience, let end): try await grant(audience, end: end)
        case .differing, .fetch: break
        case .apply(let delivery): report.received += try await apply(delivery).received
        case .revoke(let audiences):
            report.revoked += try await revoke(audiences)
            report.purged += audiences
        case .current(let position): try await note(current: position)
        case .pulse(let milliseconds):
            report.clockOffsetMilliseconds = offset(of: milliseconds)
        case .fail(let error): throw error
        case .refused(let reason): throw ConnectionError(refusal: reason)
        }
    }

    /// nil for a clock of the server that is beyond all bounds.
    private func offset(of milliseconds: Int64) -> Int64? {
        let (offset, overflow) = milliseconds.subtractingReportingOverflow(environment.nowMilliseconds())
        return overflow ? nil : offset
    }

    /// Pushes until the queue is empty, or nothing is left in it but what the server has no room for.
    ///
    /// - Returns: whether the server gave any position, so that a pull brings it back.
    func push(
        atMost limit: Int? = nil, over connection: some FrameTransport, into report: inout ExchangeReport
    ) async throws -> Bool {
        var hasPositions = false
        var room = Room(limit: limit ?? environment.batchEntries)
        var questions = try await outbox(limit: room.limit).questions
        while true {
            let outgoing = try await outbox(limit: room.limit, without: room.closed)
            guard outgoing.batch != nil || !questions.isEmpty else {
                report.unfit = room.refusal
                return hasPositions
            }
            let verdicts: [VerdictEntry]
            do {
                verdicts = try await push(outgoing, asking: questions, over: connection, into: &report)
            } catch let error as ConnectionError where error.reason?.code == "queue.full" {
                try await narrow(&room, after: error, outgoing)
                continue
            }
            hasPositions =
                hasPositions || verdicts.contains { if case .accepted = $0.verdict { true } else { false } }
            // Asked once in a push, so that this comes to an end.
            try await sendAgain(Self.forgotten(questions, in: verdicts))
            questions = []
        }
    }

    /// What is sent to a server that lets nothing more wait: ever less, so that nothing else waits for it.
    private struct Room {
        /// Changes in a batch.
        var limit: Int
        /// Audiences of which nothing is sent any more.
        var closed: Set<AudienceID> = []
        /// What the server said.
        var refusal: ConnectionError?
    }

    private func narrow(_ room: inout Room, after error: ConnectionError, _ outgoing: Outgoing) async throws {
        if room.refusal == nil {
            room.closed = try await read { try Outbox.held($0.db) }
        } else if room.limit > 1 {
            room.limit = max(1, room.limit / 4)
        } else {
            // It stands alone: no audience of it has room.
            guard let batch = outgoing.batch else { throw error }
            room.closed.formUnion(batch.entries.map(\.envelope.audience))
        }
        room.refusal = error
    }

    /// - Returns: the verdicts that came.
    private func push(
        _ outgoing: Outgoing, asking questions: [ChangeID], over connection: some FrameTransport,
        into report: inout ExchangeReport
    ) async throws -> [VerdictEntry] {
        let hello = try await hello(of: outgoing.replica)
        var session = PushSession(
            hello: hello, batches: outgoing.batch.map { [$0] } ?? [], questions: questions,
            lodged: outgoing.lodged, evidence: outgoing.evidence)
        let frames = session.frames
        var (verdicts, news) = ([VerdictEntry](), [VerdictEntry]())
        // What came before it broke off is told as well.
        defer { report.verdicts += news }
        var isDone = false
        try await connection.converse("/push", sending: frames) { frame in
            for action in session.receive(frame) {
                switch action {
                case .welcomed(let welcome): try await note(welcome: welcome)
                case .apply(let entries):
                    news += try await apply(entries)
                    verdicts += entries
                case .done: isDone = true
                case .fail(let error): throw error
                case .refused(let reason): throw ConnectionError(refusal: reason)
                }
            }
            return !isDone
        }
        guard isDone else {
            throw ConnectionError(.interrupted, "The answer to a push ended early", at: identity.address)
        }
        return verdicts
    }
}
