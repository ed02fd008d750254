public import ChangeLog
import GRDB
import Logging
import SyncProtocol

/// What was erased, or would be.
public struct ErasureReport: Codable, Hashable, Sendable {
    /// How many changes something was erased of.
    public let changes: Int
    /// In how many places.
    public let places: Int
    /// The names of the audiences in which they stand, in rising order.
    public let audiences: [String]
}

extension SyncService {
    /// Erases for good, here and with the next exchange of each device wherever it is held, and writes down in
    /// each audience that it was done. What anybody writes afterwards is not touched, nor what lies in a backup.
    ///
    /// - Parameters:
    ///   - isRehearsed: whether it is only told what would be erased.
    ///   - marks: the places to be erased in a change.
    public func erase(
        isRehearsed: Bool = false, _ marks: @escaping @Sendable (Change) -> [ErasureMark]
    ) async throws -> ErasureReport {
        let engine = engine
        let targets = try await engine.read { try $0.erasures(marks) }
        let report = ErasureReport(
            changes: targets.count, places: targets.reduce(0) { $0 + $1.erasure.marks.count },
            audiences: Set(targets.map(\.audience.name)).sorted())
        guard !isRehearsed, !targets.isEmpty else { return report }
        try await engine.segments.withoutCutting {
            for piece in Self.pieces(of: targets) { try await engine.erase(piece) }
        }
        try await engine.emptyWriteAheadLog()
        return report
    }

    /// So many places go into one change: its operations are fewer than it may have.
    private static let places = 1_000

    /// Pieces of one audience that fit one change each.
    fileprivate static func pieces(of targets: [ErasureTarget]) -> [[ErasureTarget]] {
        var pieces: [[ErasureTarget]] = []
        var room = 0
        for target in targets.sorted(by: { $0.audience < $1.audience }) {
            var marks = target.erasure.marks[...]
            while !marks.isEmpty {
                if room == 0 || pieces.last?.last?.audience != target.audience {
                    pieces.append([])
                    room = places
                }
                let part = marks.prefix(room)
                marks = marks.dropFirst(room)
                room -= part.count
                pieces[pieces.count - 1].append(
                    ErasureTarget(
                        erasure: Erasure(of: target.erasure.change, Array(part)), audience: target.audience))
            }
        }
        return pieces
    }
}

extension Engine {
    /// Erases again what was erased before a restore.
    ///
    /// - Returns: false where one of the changes is not here yet.
    func eraseAgain(_ targets: [ErasureTarget]) async throws -> Bool {
        let (open, isComplete) = try await read { ledger in
            (
                try targets.compactMap { try ledger.open($0) },
                try targets.allSatisfy { try ledger.isKnown($0.erasure.change) }
            )
        }
        if !open.isEmpty {
            try await segments.withoutCutting {
                for piece in SyncService.pieces(of: open) { try await erase(piece) }
            }
            try await emptyWriteAheadLog()
        }
        return isComplete
    }

    /// What is erased and that it was are one transaction.
    fileprivate func erase(_ targets: [ErasureTarget]) async throws {
        guard let audience = targets.first?.audience else { return }
        let (engine, seed) = (self, randomBits())
        let operations = targets.flatMap { $0.erasure.operations(sha256) }
        let receipt = try await queue.commit { ledger in
            let positions = try targets.compactMap { try ledger.erase($0.erasure) }
            let receipt = try engine.author.write(
                [(audience: audience, operations: operations)], seeds: [seed],
                through: engine.intake(in: ledger))
            // What waits in an audience that nobody knows is erased without a word: it never gets a position.
            for entry in receipt.entries where !positions.isEmpty {
                if case .refused(let reason) = entry.verdict { throw reason }
            }
            if let first = positions.min(), let number = try ledger.audienceNumber(audience) {
                try ledger.forgetSegments(of: number, from: first)
            }
            return receipt
        }
        tell(receipt.decided, to: environment.logger.acting(LogEntry.administrator))
    }

    /// The write-ahead log still has the pages as they were; a reader that is at work keeps it for the next commit.
    fileprivate func emptyWriteAheadLog() async throws {
        do {
            _ = try await store.writing(environment.probe) { db in try db.checkpoint(.truncate) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            environment.logger.warning("The write-ahead log could not be emptied: a reader is at work")
        } catch { throw StoreFailure.translated(error, store.path) }
    }
}

extension ServerLedger {
    /// What of it is not erased yet; nil where nothing is. No other audience's change is meant.
    fileprivate func open(_ target: ErasureTarget) throws -> ErasureTarget? {
        guard let change = try kept(target.erasure.change), change.envelope.audience == target.audience else {
            return nil
        }
        let marks = target.erasure.marks.filter { change.erasing([$0], hash: sha256) != change }
        guard !marks.isEmpty else { return nil }
        return ErasureTarget(erasure: Erasure(of: change.id, marks), audience: target.audience)
    }

    /// Whether a change was received, with its contents or without.
    fileprivate func isKnown(_ change: ChangeID) throws -> Bool {
        guard let replica = try replicaRow(change.replica), let number = Int64(exactly: change.number) else {
            return false
        }
        return try verdict(of: replica.number, UInt64(number)) != nil
    }
}
