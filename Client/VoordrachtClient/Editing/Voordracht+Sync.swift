import ChangeLog
import Merging
import Nominations
import OfflineReplica

extension Voordracht {
    /// One exchange with the server: receives, submits what follows from that, sends, and receives what
    /// became of it. It goes on where an earlier one stopped.
    ///
    /// What goes wrong stands in the report; nothing that was recorded is lost by it.
    @discardableResult
    public func sync(in language: Language = .english) async throws -> SyncReport {
        var report = ExchangeReport()
        do {
            if let error = try await patience() { throw error }
            report = await replica.exchange(over: try replica.connection(), prepare: Self.prepare)
        } catch { report.error = error }
        return try await told(report, nil, language)
    }

    /// Stays connected until its task is cancelled or the server rejects this device for good.
    ///
    /// - Parameters:
    ///   - language: of the reasons in the reports.
    ///   - told: is given the report of each exchange and of each delivery.
    public func watch(
        in language: Language = .english, told: @escaping @Sendable (SyncReport) async -> Void
    ) async throws {
        let connection = try replica.connection()
        if let wait = try await patience()?.retryAfterMilliseconds {
            do { try await replica.environment.sleep(.milliseconds(wait)) } catch { return }
        }
        await replica.watch(over: connection, prepare: Self.prepare) { report, wait in
            let due = wait.map { self.replica.environment.nowMilliseconds() + $0 }
            // A replica that cannot be read now is told of by the next exchange.
            guard let report = try? await self.told(report, due, language) else { return }
            await told(report)
        }
        // In a task of its own: this one is cancelled, and the database would not write for it.
        try await Task { try await note(SettingName.nextTry, nil) }.value
    }

    /// Why not to ask the server yet: it said when to come back, and that has not come.
    ///
    /// A moment that is further off than a server may ask for comes of a clock that was put right since.
    func patience() async throws -> ConnectionError? {
        let now = replica.environment.nowMilliseconds()
        guard let notBefore = try await replica.setting(SettingName.notBefore).flatMap({ Int64($0) }),
            notBefore > now, notBefore - now <= Self.longestPatience
        else { return nil }
        var reason: Reason?
        if let code = try await replica.setting(SettingName.blockedByCode) {
            reason = Reason(
                code: code, message: try await replica.setting(SettingName.blockedByMessage) ?? code,
                remedy: try await replica.setting(SettingName.blockedByRemedy) ?? "")
        }
        let address = replica.identity.address
        var error = ConnectionError(
            .throttled, reason?.message ?? "\(address) asks this device to wait", at: address, reason: reason)
        error.retryAfterMilliseconds = notBefore - now
        return error
    }

    /// Milliseconds; an hour.
    private static let longestPatience: Int64 = 3_600_000

    /// Writes down why it is not going on, if it is not, and tells it.
    private func told(
        _ report: ExchangeReport, _ nextTry: Int64?, _ language: Language
    ) async throws -> SyncReport {
        let failure = report.error.flatMap { Reason(failure: $0) }
        let code = failure?.code ?? report.error.map { "\($0)" }
        if try await replica.setting(SettingName.blockedByCode) != code {
            let since = code == nil ? nil : String(replica.environment.nowMilliseconds())
            try await note(SettingName.blockedSince, since)
        }
        try await note(SettingName.blockedByCode, code)
        try await note(SettingName.blockedByMessage, failure?.message)
        try await note(SettingName.blockedByRemedy, failure?.remedy)
        let place = report.error.map { Failure($0, in: language).place }
        try await note(SettingName.blockedByPlace, place)
        try await note(SettingName.nextTry, nextTry.map(String.init))
        let now = replica.environment.nowMilliseconds()
        let notBefore = report.retryAfterMilliseconds.map { now + $0 }
        try await note(SettingName.notBefore, notBefore.map(String.init))
        let warnings = try await warnings(language)
        return try await read {
            try SyncReport(
                report, in: $0, language, nextTry: nextTry, notBefore: notBefore, warnings: warnings)
        }
    }

    /// Writes a setting that changed; one that did not costs no commit.
    private func note(_ name: String, _ value: String?) async throws {
        if try await replica.setting(name) == value { return }
        try await replica.set(name, to: value)
    }

    /// After the pull and before the push: submissions that were not sent yet are made anew where the
    /// draft moved on, and merged drafts are submitted by themselves.
    @Sendable static func prepare(_ replica: Replica) async throws {
        let voordracht = Voordracht(replica)
        let (queued, replacements) = try await voordracht.read { view in
            let queued = try view.queuedSubmissions()
            let replacements = try AutomaticSubmission.replacements(
                for: queued.map(\.record), in: view, fresh: voordracht.fresh)
            return (queued, replacements)
        }
        var areReplaced = true
        for drafted in replacements.compactMap(\.drafted) {
            let isRecorded = try await record(drafted, in: replica)
            areReplaced = areReplaced && isRecorded
        }
        // Taken back last, and the newest first: a crash in between leaves one too many, never none.
        // After closing nothing takes the place of what was submitted in time, and that stays.
        for submission in queued.reversed()
        where areReplaced && replacements.contains(where: { $0.submission == submission.record }) {
            _ = try await replica.takeBack(submission.change)
        }
        let further = try await voordracht.read { view in
            try AutomaticSubmission.drafts(in: view, fresh: voordracht.fresh)
        }
        for drafted in further { _ = try await record(drafted, in: replica) }
    }

    /// Records what follows by itself; false where the rules forbid it, as after closing.
    ///
    /// Nobody asked for it, so nobody is told: the draft is kept, and what was asked for is sent.
    private static func record(_ drafted: Drafted, in replica: Replica) async throws -> Bool {
        do {
            try await replica.record(drafted.drafts)
            return true
        } catch is Reason { return false }
    }
}

/// What the face keeps in the replica under names of its own.
enum SettingName {
    static let blockedByCode = "sync.error.code"
    static let blockedByMessage = "sync.error.message"
    static let blockedByRemedy = "sync.error.remedy"
    static let blockedByPlace = "sync.error.place"
    static let blockedSince = "sync.error.since"
    static let nextTry = "sync.next"
    static let notBefore = "sync.notBefore"
}

extension ReplicaView {
    /// Own submissions that are on this device only, by number.
    func queuedSubmissions() throws -> [(record: RecordID, change: ChangeID)] {
        var queued: [(record: RecordID, change: ChangeID)] = []
        for summary in try reader.summaries(of: .submission) where summary.isPending {
            guard let merged = try merged(summary.record, in: summary.audience),
                let change = merged.creation?.change, try reader.status(of: change)?.state == .queued
            else { continue }
            queued.append((summary.record, change))
        }
        return queued.sorted { $0.change < $1.change }
    }
}
