import ChangeLog
import GRDB
import SyncProtocol

extension Replica {
    /// Parts that are narrower are fetched as they are, positions.
    private static let narrow: UInt64 = 64
    /// Into so many parts what differs is divided at once.
    private static let division: UInt64 = 16
    /// Where more parts differ than so many, all between them is fetched.
    private static let parts = 256
    /// In one question: at each end of a part a server looks through a block at most, and this stays within what it
    /// looks through for one.
    private static let partsAtOnce = 32

    /// What is here of each whole audience, from its beginning to the cursor of a want. Nothing where another program
    /// has gone over to another epoch meanwhile.
    func fingerprints(of want: Want, in epoch: Epoch?) async throws -> [RangeFingerprint] {
        guard want.cursor > .origin else { return [] }
        return try await keeping { db in
            guard try ReplicaState.load(db).epoch == epoch else { return [] }
            let table = FingerprintTable(db: db)
            try table.forgetOldest()
            return try AudienceTable(db: db).all().filter(\.isComplete).map { status in
                try table.fingerprint(
                    of: FingerprintRange(audience: status.audience, after: .origin, through: want.cursor))
            }
        }
    }

    /// Finds where the parts differ, fetches that alone, and tells what came of it.
    ///
    /// - Throws: `ReplicaError.evidence` once all parts have been tried, where what the server has of one cannot be
    ///   true; `EpochBegan`.
    func mend(
        _ parts: [FingerprintRange], over connection: some FrameTransport, into report: inout ExchangeReport
    ) async throws {
        var untrue: ReplicaError?
        for part in parts {
            var again: [Delivery] = []
            for place in try await places(in: part, over: connection) {
                again += try await pull(over: connection, isLive: false, again: place, into: &report).again
            }
            var mended = 0
            do {
                mended = try await mend(part, with: again)
            } catch let error as ReplicaError where error.code == .evidence {
                untrue = error
            }
            let isMended = try await differing([part], over: connection).isEmpty
            // It may have been revoked meanwhile, or mended by another program.
            guard mended > 0 || !isMended else { continue }
            report.divergences.append(Divergence(part, mended: mended, isMended: isMended))
        }
        if let untrue { throw untrue }
    }

    /// By bisection: nothing of what is alike is fetched.
    private func places(
        in part: FingerprintRange, over connection: some FrameTransport
    ) async throws -> [FingerprintRange] {
        var (wide, narrow) = ([part], [FingerprintRange]())
        while !wide.isEmpty {
            let differing = try await differing(wide.flatMap { $0.parts(Self.division) }, over: connection)
            narrow += differing.filter { $0.width <= Self.narrow }
            wide = differing.filter { $0.width > Self.narrow }
            if wide.count + narrow.count > Self.parts {
                narrow += wide
                break
            }
        }
        narrow.sort { $0.after < $1.after }
        guard let first = narrow.first, let last = narrow.last, narrow.count > Self.parts else {
            return narrow
        }
        return [FingerprintRange(audience: part.audience, after: first.after, through: last.through)]
    }

    private func differing(
        _ parts: [FingerprintRange], over connection: some FrameTransport
    ) async throws -> [FingerprintRange] {
        var differing: [FingerprintRange] = []
        for start in stride(from: 0, to: parts.count, by: Self.partsAtOnce) {
            let some = Array(parts[start..<min(start + Self.partsAtOnce, parts.count)])
            let hello = try await hello()
            let fingerprints = try await keeping { db in
                guard try ReplicaState.load(db).epoch == hello.epoch else { throw EpochBegan() }
                let audiences = AudienceTable(db: db)
                return try some.filter { try audiences.wholeAt($0.audience) != nil }
                    .map { try FingerprintTable(db: db).fingerprint(of: $0) }
            }
            let answer = try await ask(.compare(fingerprints), as: hello, over: connection)
            guard case .differing(let ranges) = answer else {
                preconditionFailure("a session answers what was asked")
            }
            differing += ranges
        }
        return differing
    }

    /// - Returns: how many changes were put right.
    private func mend(_ part: FingerprintRange, with deliveries: [Delivery]) async throws -> Int {
        let (identity, schema) = (identity, rules.schema)
        return try await write { db in
            try PartMending(db: db, identity: identity.current(db), schema: schema)
                .mend(part, with: deliveries.map(\.batch))
        }
    }

    /// Asks what is answered in one frame.
    ///
    /// - Throws: `ConnectionError`, `ProtocolError`; `EpochBegan` where the positions that it names are of another epoch.
    func ask(
        _ question: QuestionSession.Question, as hello: Hello, over connection: some FrameTransport
    ) async throws -> QuestionSession.Action {
        var session = QuestionSession(hello: hello, question: question)
        var answer: QuestionSession.Action?
        try await connection.converse("/push", sending: session.frames) { frame in
            switch session.receive(frame) {
            case .welcomed(let welcome):
                if case .compare = question, welcome.epoch != hello.epoch { throw EpochBegan() }
                return true
            case .fail(let error): throw error
            case .refused(let reason): throw ConnectionError(refusal: reason)
            case let action: answer = action
            }
            return false
        }
        guard let answer else {
            throw ConnectionError(
                .interrupted, "The answer to a question ended early", at: identity.address)
        }
        return answer
    }

    /// A transaction in which nothing changes that is shown.
    private func keeping<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        do { return try await writing(body) } catch {
            throw StorageFailure.translated(error, place.database)
        }
    }
}

extension Want {
    /// Has a part of an audience that is held sent once more.
    mutating func ask(again part: FingerprintRange) {
        held = held.map { held in
            held.audience == part.audience
                ? Held(audience: held.audience, have: part.after, end: part.through) : held
        }
    }
}
