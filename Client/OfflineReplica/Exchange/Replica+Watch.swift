import ChangeLog
import SyncProtocol

extension Replica {
    /// Stays connected: receives what others write as it comes, sends what is recorded here at once,
    /// and comes back by itself after any interruption, with a growing, jittered wait.
    ///
    /// Returns when its task is cancelled, or when the server rejects this device for good.
    ///
    /// - Parameters:
    ///   - prepare: as in `exchange`.
    ///   - report: is told of each exchange, and of the wait before the next try after a failed one.
    public func watch(
        over connection: some FrameTransport,
        prepare: @escaping @Sendable (Replica) async throws -> Void = { _ in },
        report: @escaping @Sendable (ExchangeReport, _ nextTryMilliseconds: Int64?) async -> Void
    ) async {
        var backoff = Backoff()
        while !Task.isCancelled {
            let first = await exchange(over: connection, prepare: prepare)
            var last = first
            if first.isComplete {
                backoff.succeeded()
                await report(first, nil)
                last = await live(over: connection, prepare: prepare, report: report)
            }
            if Task.isCancelled { return }
            if let error = first.error as? ConnectionError, error.isFinal {
                await report(first, nil)
                return
            }
            let asked = last.retryAfterMilliseconds
            let wait =
                asked.map { backoff.asked($0, random: randomWord()) } ?? backoff.failed(random: randomWord())
            if !last.isComplete { await report(last, wait) }
            do { try await environment.sleep(.milliseconds(wait)) } catch { return }
        }
    }

    /// A pull that stays open beside exchanges that local edits set off; ends with the first of them
    /// that fails.
    ///
    /// - Returns: what it was that ended it, which is not reported yet.
    private func live(
        over connection: some FrameTransport,
        prepare: @escaping @Sendable (Replica) async throws -> Void,
        report: @escaping @Sendable (ExchangeReport, Int64?) async -> Void
    ) async -> ExchangeReport {
        let watch = QueueWatch()
        return await withTaskGroup(of: ExchangeReport.self) { group in
            group.addTask {
                var outcome = ExchangeReport()
                do { try await self.guardQueue(watch, report: report) } catch { outcome.error = error }
                return outcome
            }
            group.addTask {
                var outcome = ExchangeReport()
                do {
                    try await self.pull(over: connection, isLive: true, into: &outcome) { action in
                        watch.hear(at: self.environment.nowMilliseconds())
                        guard let step = try await self.step(after: action, over: connection) else { return }
                        await report(step, nil)
                    }
                    // The server ended it, as when it stops: nothing failed.
                    outcome.isComplete = true
                } catch { outcome.error = error }
                return outcome
            }
            group.addTask {
                for await _ in self.observe() {
                    var outcome = ExchangeReport()
                    do {
                        // What a colleague sent may let something be prepared, also where nothing is queued here.
                        let isIdle = try await self.read { try $0.counts().queued } == 0
                        // One process at a time prepares: two would record the same submission twice.
                        guard let lock = isIdle ? try self.lockForSync() : try self.syncLock() else {
                            continue
                        }
                        defer { lock.release() }
                        defer { watch.begin(.none) }
                        watch.begin(.preparing)
                        let unprepared = await self.error(of: prepare)
                        if let unprepared, isIdle { throw unprepared }
                        guard try await self.read({ try $0.counts().queued }) > 0 else { continue }
                        watch.begin(.pushing)
                        _ = try await self.push(over: connection, into: &outcome)
                        if let unprepared { throw unprepared }
                        outcome.isComplete = true
                        await report(outcome, nil)
                    } catch {
                        outcome.error = error
                        return outcome
                    }
                }
                var ended = ExchangeReport()
                ended.isComplete = true
                return ended
            }
            let last = await group.next()
            group.cancelAll()
            return last ?? ExchangeReport()
        }
    }

    /// What a live pull brought that is worth telling; nil for nothing.
    private func step(
        after action: PullSession.Action, over connection: some FrameTransport
    ) async throws -> ExchangeReport? {
        var step = ExchangeReport()
        switch action {
        case .apply(let delivery) where !delivery.batch.entries.isEmpty:
            step.received = delivery.batch.entries.count
        case .pulse:
            // Verdicts do not come by themselves: what became of held edits must be asked for.
            let counts = try await read { try $0.counts() }
            guard counts.held + counts.waiting > 0 else { return nil }
            _ = try await push(over: connection, into: &step)
            guard step.accepted + step.refused > 0 else { return nil }
        default: return nil
        }
        step.isComplete = true
        return step
    }

    private func randomWord() -> UInt64 {
        environment.randomBytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension ConnectionError {
    /// Whether trying again is in vain: what else a server refuses (a queue that is full, a batch) can be
    /// over by the next try.
    fileprivate var isFinal: Bool {
        code == .rejected && (reason.map { $0.code.hasPrefix("device.") } ?? true)
    }
}
