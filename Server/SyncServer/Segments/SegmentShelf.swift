import ChangeLog
import Cryptography
import GRDB
import Glibc
import Logging
import NIOPosix
import SyncProtocol

/// The segments of a server, in a folder beside its database: cuts new ones, names those of a lane, hands out files.
///
/// Cutting reads the log as a pull does, one segment at a time for all who ask, and takes the writer no more than the
/// rows of what was cut.
actor SegmentShelf {
    private let store: ServerStore
    private let queue: CommitQueue
    private let epoch: Epoch
    private let environment: ServerEnvironment
    private let folder: DataFolder
    private var hasTidied = false
    /// What everything that is cut waits for.
    private var last: Task<Void, Never>?

    /// So many are cut before they are told.
    private static let cutAtOnce = 8

    init(store: ServerStore, queue: CommitQueue, epoch: Epoch, environment: ServerEnvironment) {
        self.store = store
        self.queue = queue
        self.epoch = epoch
        self.environment = environment
        let parent = store.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        folder = DataFolder(parent.joined(separator: "/") + "/segments")
    }

    /// The next segments of a lane, cut now where there are none yet; none where the lane is to come as it is.
    ///
    /// They make nothing impossible: where they cannot be written, the lane comes as it is.
    func leading(_ lane: PullPlan.Lane) async throws -> [Segment] {
        let (known, isLong) = try await look(for: lane)
        // What is there is told first: whoever fetches has something to do.
        guard known.isEmpty, isLong else { return known }
        let cut = try await unlessDiskFails {
            try await self.alone { shelf in
                // Whoever waited may find that another one has cut them: no segment may be left out.
                let (known, isLong) = try await shelf.look(for: lane)
                guard known.isEmpty, isLong else { return known }
                try await shelf.cut(lane)
                return try await shelf.look(for: lane).known
            }
        }
        return cut ?? []
    }

    /// nil where the disk takes no files, as when it is full: lanes come as they are then, and nobody is refused.
    private func unlessDiskFails<Value: Sendable>(
        _ body: @Sendable () async throws -> Value?
    ) async throws -> Value? {
        do { return try await body() } catch let error as AdministrationError {
            environment.logger.warning("No segment can be written", metadata: ["result": "\(error.code)"])
        } catch let error as ServerError where error.code == .diskFull {
            environment.logger.warning("No segment can be written", metadata: error.detail)
        }
        return nil
    }

    /// The segments of a lane that there are, and whether there may be more to cut.
    private func look(for lane: PullPlan.Lane) async throws -> (known: [Segment], isLong: Bool) {
        let measure = environment.segmentMeasure
        return try await read { ledger in
            guard let number = try ledger.audienceNumber(lane.audience) else { return ([], false) }
            let known = try ledger.segments(
                of: number, from: lane.have, to: lane.end, limit: ProtocolLimits.segments)
            let end = try ledger.lastSegmentEnd(of: number)
            return (known, try ledger.hasMuch(of: number, behind: end, upTo: lane.end, measure))
        }
    }

    /// A whole and sound file of a segment that a person may read; nil where there is no such segment.
    func file(
        named hash: ChangeHash, readableIn readable: @escaping @Sendable (ServerLedger) throws -> [AudienceID]
    )
        async throws -> (file: SegmentFile, segment: Segment)?
    {
        let found = try await read { ledger -> Segment? in
            guard let segment = try ledger.segment(named: hash),
                let audience = try ledger.name(ofAudience: segment.audience),
                try readable(ledger).contains(audience)
            else { return nil }
            return segment
        }
        guard let segment = found else { return nil }
        if let file = try await sound(segment) { return (file, segment) }
        let made = try await unlessDiskFails {
            try await self.alone { shelf -> SegmentFile? in
                // Whoever waited may find that another one made it.
                if let file = try await shelf.sound(segment) { return file }
                return try await shelf.mend(segment) ? try await shelf.sound(segment) : nil
            }
        }
        return made.map { ($0, segment) }
    }

    private func sound(_ segment: Segment) async throws -> SegmentFile? {
        let path = folder.path(of: segment.hash.description)
        return try await NIOThreadPool.singleton.runIfActive {
            guard let file = SegmentFile(path: path), file.holds(segment) else { return nil }
            return file
        }
    }

    private func cut(_ lane: PullPlan.Lane) async throws {
        try await tidy()
        let cutter = cutter
        let cut = try await read { ledger -> [Segment] in
            guard let number = try ledger.audienceNumber(lane.audience) else { return [] }
            var segments: [Segment] = []
            var end = try ledger.lastSegmentEnd(of: number)
            while segments.count < Self.cutAtOnce, end < lane.end,
                let next = try cutter(ledger).next(of: lane.audience, number, after: end)
            {
                segments.append(next)
                end = next.through
            }
            return segments
        }
        guard !cut.isEmpty else { return }
        try await queue.commit { ledger in for segment in cut { try ledger.keep(segment) } }
    }

    /// - Returns: whether the file has its bytes again.
    private func mend(_ segment: Segment) async throws -> Bool {
        try await tidy()
        let cutter = cutter
        let again = try await read { ledger in try cutter(ledger).again(segment) }
        environment.logger.notice(
            "A segment was made anew",
            metadata: ["result": "\(again?.hash == segment.hash ? "same" : "other")"])
        guard again != segment else { return true }
        try folder.remove(segment.hash.description)
        try await queue.commit { ledger in
            if let again {
                try ledger.keep(again)
            } else {
                try ledger.forgetSegments(of: segment.audience, from: segment.through)
            }
        }
        return false
    }

    private var cutter: @Sendable (ServerLedger) -> SegmentCutter {
        let (folder, limit, measure) = (folder, environment.batchEntries, environment.segmentMeasure)
        return { SegmentCutter(ledger: $0, folder: folder, batchEntries: limit, measure: measure) }
    }

    /// Makes the folder, and takes away what no row names: a crash came between the two.
    private func tidy() async throws {
        guard !hasTidied else { return }
        guard mkdir(folder.path, 0o700) == 0 || errno == EEXIST else {
            throw AdministrationError(system: errno, place: folder.path)
        }
        try await sweep()
        hasTidied = true
    }

    /// Does what no segment may be cut beside, and takes away the files that no row names after it.
    func withoutCutting(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await alone { shelf in
            try await shelf.tidy()
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            try await shelf.sweep()
            try outcome.get()
        }
    }

    private func sweep() async throws {
        let known = try await read { try $0.segmentNames() }
        for name in try folder.names() where !known.contains(name) { try folder.remove(name) }
    }

    /// Waits for what is being cut.
    func finish() async { await last?.value }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (ServerLedger) throws -> Value
    ) async throws -> Value {
        let epoch = epoch
        return try await store.read(environment.probe) { try body(ServerLedger($0, epoch: epoch)) }
    }

    /// One after another: two who ask for the same would do the same work. What was begun is finished, also where
    /// who asked has left.
    private func alone<Value: Sendable>(
        _ body: @escaping @Sendable (isolated SegmentShelf) async throws -> Value
    ) async throws -> Value {
        let before = last
        let task = Task {
            await before?.value
            return try await body(self)
        }
        last = Task { _ = await task.result }
        return try await task.value
    }
}
