import ChangeLog
import Nominations
import OfflineReplica

/// What is local, queued, accepted, held, refused and in conflict, and why it is not going on.
public struct ReplicaStatus: Hashable, Sendable, Documented {
    /// An audience and whether all of it has arrived.
    public struct Audience: Hashable, Sendable, Documented {
        public let id: AudienceID
        public let isComplete: Bool

        public var json: JSON { ["id": .string(id.name), "complete": .bool(isComplete)] }
    }

    public let person: RecordID
    public let device: RecordID
    public let queued: Int
    public let held: Int
    /// At the server, and judged once the change before it is.
    public let waiting: Int
    /// Refused changes.
    public let tray: Int
    public let conflicts: Int
    public let view: View
    /// Milliseconds since 1970 UTC.
    public let lastSync: Int64?
    /// Milliseconds since 1970 UTC; nil while nothing runs that would try.
    public let nextTry: Int64?
    /// Until when the server asks to be left alone, milliseconds since 1970 UTC; nil where it does not.
    public let notBefore: Int64?
    /// Why the last exchange ended early.
    public let blockedBy: Failure?
    /// When an exchange first ended so; milliseconds since 1970 UTC.
    public let blockedSince: Int64?
    public let clockOffsetMilliseconds: Int64?
    public let audiences: [Audience]
    /// What the server has shown that cannot be true together, and has not declared since.
    public let warnings: [Failure]
    /// The same of what it has declared: it had been put back to an earlier moment.
    public let notices: [Failure]

    public var json: JSON {
        [
            "person": .string(Reference.text(person: person)), "device": .string(Reference.text(device)),
            "queued": JSON(queued), "held": JSON(held), "waiting": JSON(waiting), "tray": JSON(tray),
            "conflicts": JSON(conflicts), "cursor": JSON(view.cursor), "epoch": .string("\(view.epoch)"),
            "view": .string(view.text), "lastSync": JSON(milliseconds: lastSync),
            "nextTry": JSON(milliseconds: nextTry), "notBefore": JSON(milliseconds: notBefore),
            "blockedBy": JSON(blockedBy),
            "blockedSince": JSON(milliseconds: blockedSince),
            "clockOffsetMilliseconds": clockOffsetMilliseconds.map { .int($0) } ?? .null,
            "audiences": JSON(audiences), "warnings": JSON(warnings), "notices": JSON(notices),
        ]
    }
}

extension Voordracht {
    public func status(in language: Language = .english) async throws -> ReplicaStatus {
        let blockedBy = try await blockedBy(language)
        let warnings = try await warnings(language)
        let notices = try await notices(language)
        let since = try await replica.setting(SettingName.blockedSince).flatMap { Int64($0) }
        let nextTry = try await replica.setting(SettingName.nextTry).flatMap { Int64($0) }
        let notBefore = try await replica.setting(SettingName.notBefore).flatMap { Int64($0) }
        return try await read { view in
            let counts = try view.reader.counts()
            let exchange = try view.reader.exchange()
            return ReplicaStatus(
                person: view.person, device: view.reader.identity.device, queued: counts.queued,
                held: counts.held, waiting: counts.waiting, tray: counts.tray,
                conflicts: try view.openConflicts().count, view: view.view, lastSync: exchange.lastSync,
                nextTry: nextTry.flatMap { $0 >= view.localMilliseconds ? $0 : nil },
                notBefore: notBefore.flatMap { $0 >= view.localMilliseconds ? $0 : nil },
                blockedBy: blockedBy,
                blockedSince: since,
                clockOffsetMilliseconds: exchange.clockOffset,
                audiences: try view.reader.audiences().map {
                    ReplicaStatus.Audience(id: $0.audience, isComplete: $0.isComplete)
                }, warnings: warnings, notices: notices)
        }
    }

    /// What is to be told at every opportunity, oldest first.
    func warnings(_ language: Language) async throws -> [Failure] {
        try await replica.treeFaults().filter { $0.declared == nil }.map {
            Failure(ReplicaError($0), in: language)
        }
    }

    /// For what is settled: when it was declared, each declaration once.
    private func notices(_ language: Language) async throws -> [Failure] {
        var told: Set<Epoch> = []
        return try await replica.treeFaults().compactMap(\.declared)
            .filter { told.insert($0.epoch).inserted }
            .map { record in
                let moment = WallClock.text(record.milliseconds, language)
                let isDutch = language == .dutch
                return Failure(
                    code: "tree.declared",
                    message: isDutch
                        ? "De server was teruggezet naar een eerdere stand; dat is verklaard op \(moment)."
                        : "The server had been put back to an earlier moment; that was declared on \(moment).",
                    remedy: isDutch
                        ? "U hoeft niets te doen: wat hij kwijt was, bieden de apparaten opnieuw aan."
                        : "Nothing is to be done: what it had lost is offered again by the devices.")
            }
    }

    private func blockedBy(_ language: Language) async throws -> Failure? {
        guard let code = try await replica.setting(SettingName.blockedByCode) else { return nil }
        let reason = Reason(
            code: code, message: try await replica.setting(SettingName.blockedByMessage) ?? code,
            remedy: try await replica.setting(SettingName.blockedByRemedy) ?? "")
        let place = try await replica.setting(SettingName.blockedByPlace) ?? ""
        return Failure(reason, in: language, at: place)
    }
}
