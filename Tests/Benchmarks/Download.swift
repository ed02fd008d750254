import ChangeLog
import Foundation
import Nominations
import OfflineReplica
import SyncProtocol
import VoordrachtClient

/// The first exchange of a replica that holds nothing.
enum Download {
    /// FOLDER [lanes]: pulls all, and prints changes per second and the peak of memory, MB. With `lanes` it takes no
    /// segments.
    static func run(_ arguments: [String]) async throws {
        guard let folder = arguments.first, arguments.dropFirst().allSatisfy({ $0 == "lanes" }) else {
            throw BenchmarkError("FOLDER [lanes]")
        }
        let replica = try Replica.open(
            at: folder, rules: NominationRules.rules(hash: Replica.hash))
        let connection = try replica.connection()
        let start = Stopwatch.elapsed
        let report =
            arguments.count > 1
            ? await replica.exchange(over: Lanes(connection: connection))
            : await replica.exchange(over: connection)
        let elapsed = Stopwatch.elapsed - start
        if let error = report.error { throw error }
        print("changes \(report.received)")
        print("rate \(Double(report.received) / elapsed)")
        print("peak \(try ProcessMemory.peak())")
    }
}

/// A connection that takes no segments.
private struct Lanes: FrameTransport {
    let connection: ServerConnection

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        try await connection.converse(path, sending: frames, receive: receive)
    }
}

/// The first answer of a library that was just opened.
enum Opening {
    /// FOLDER: opens the replica and reads the first page of nominations; prints ms.
    static func run(_ arguments: [String]) async throws {
        guard arguments.count == 1 else { throw BenchmarkError("FOLDER") }
        let start = Stopwatch.elapsed
        let voordracht = try Voordracht.open(at: arguments[0])
        let page = try await voordracht.list("nomination", limit: 20)
        let elapsed = Stopwatch.elapsed - start
        guard page.items.count == 20 else { throw BenchmarkError("a page of \(page.items.count)") }
        print("first \(elapsed * 1000)")
    }
}

extension Measures {
    /// 342 nominations with 30 examples each by eight people, and single edits up to so many changes.
    private func fill(_ association: Association, by people: [Device], upTo count: Int) async throws {
        var dossiers = Dossiers(
            edition: association.edition, organisation: association.organisations[0], seed: 101)
        var changes: [[ChangeLog.Operation]] = []
        for index in 0..<342 { changes += try dossiers.nominate(index, examples: 30) }
        while changes.count < count { changes.append(dossiers.edit()) }
        for (turn, start) in stride(from: 0, to: changes.count, by: 1000).enumerated() {
            let device = people[turn % people.count]
            let batch = try device.batch(
                Array(changes[start..<start + 1000]), seen: try await association.head(),
                seed: association.bits())
            try await association.push(batch, by: device)
        }
    }

    func downloadAndOpening() async throws -> [Figure] {
        let association = try await Association.make(at: path("server"), organisations: 1)
        var people: [Device] = []
        for _ in 0..<8 { people.append(try await association.device(of: 0)) }
        try await fill(association, by: people, upTo: 100_000)
        var readers: [Device] = []
        for _ in 0..<rounds { readers.append(try await association.device(of: 0)) }
        await association.close()
        let server = try ServerProcess(server, data: association.folder)
        defer { server.stop() }
        var (rate, peak, first) = (Samples(), Samples(), Samples())
        for (round, reader) in readers.enumerated() {
            let folder = path("reader-\(round)")
            try association.replica(of: reader, at: folder, port: server.port)
            let ours = try Child.part(.download, [folder])
            let raw = try baseline("download", [folder + "/replica.db", path("copy.db")])
            rate.ours.append(try Child.value("rate", in: ours))
            rate.baseline.append(try Child.value("rate", in: raw))
            peak.ours.append(try Child.value("peak", in: ours))
            let opened = try Child.part(.opening, [folder])
            let plain = try baseline("opening", [folder + "/replica.db"])
            first.ours.append(try Child.value("first", in: opened))
            first.baseline.append(try Child.value("first", in: plain))
            try remove(folder)
            try remove(path("copy.db"))
        }
        return [
            Figure(
                "first download of 100,000 changes with read model", rate, "changes/s",
                against: "C: the same rows into the same tables, 1,000 to a commit", .atLeast(100_000)),
            Figure("the same, peak memory", peak, "MB", against: nil, .atMost(150)),
            Figure(
                "opening a replica of 100,000 changes, to the first page", first, "ms",
                against: "C: open, read the same page", .atMost(30)),
        ]
    }

    /// A first download in files, and in lanes; before the first one in files they have to be cut.
    func segments() async throws -> [Figure] {
        let association = try await Association.make(at: path("segments"), organisations: 1)
        var people: [Device] = []
        for _ in 0..<8 { people.append(try await association.device(of: 0)) }
        try await fill(association, by: people, upTo: 100_000)
        var readers: [Device] = []
        for _ in 0...2 * rounds { readers.append(try await association.device(of: 0)) }
        await association.close()
        let server = try ServerProcess(server, data: association.folder)
        defer { server.stop() }
        var (rate, time) = (Samples(), Samples())
        func download(_ reader: Device, _ name: String, _ ways: [String]) throws -> (
            rate: Double, time: Double
        ) {
            let folder = path(name)
            try association.replica(of: reader, at: folder, port: server.port)
            let before = try ProcessTime.user(of: server.identifier)
            let values = try Child.part(.download, [folder] + ways)
            let after = try ProcessTime.user(of: server.identifier)
            try remove(folder)
            return (try Child.value("rate", in: values), after - before)
        }
        let first = try download(readers[0], "first-reader", [])
        for round in 0..<rounds {
            let files = try download(readers[1 + 2 * round], "files-\(round)", [])
            let lanes = try download(readers[2 + 2 * round], "lanes-\(round)", ["lanes"])
            rate.ours.append(files.rate)
            rate.baseline.append(lanes.rate)
            time.ours.append(files.time)
            time.baseline.append(lanes.time)
        }
        return [
            Figure(
                "first download of 100,000 changes in segments", rate, "changes/s", against: "ours in lanes",
                .timesBaselineAtLeast(0.75)),
            Figure(
                "the same, user time of the server", time, "ms", against: "ours in lanes",
                .timesBaselineAtMost(0.6)),
            Figure(
                "the same, where the segments are cut for it", Samples(ours: [first.time]), "ms",
                against: nil, .atMost(5_000)),
        ]
    }

    /// One round: it takes minutes. MILLION makes a trial smaller.
    func million() async throws -> [Figure] {
        let count = ProcessInfo.processInfo.environment["MILLION"].flatMap { Int($0) } ?? 1_000_000
        let association = try await Association.make(at: path("million"), organisations: 1)
        var people: [Device] = []
        for _ in 0..<8 { people.append(try await association.device(of: 0)) }
        try await fill(association, by: people, upTo: count)
        let reader = try await association.device(of: 0)
        await association.close()
        let server = try ServerProcess(server, data: association.folder)
        defer { server.stop() }
        let folder = path("million-reader")
        try association.replica(of: reader, at: folder, port: server.port)
        let ours = try Child.part(.download, [folder])
        let raw = try baseline("download", [folder + "/replica.db", path("million.db")])
        let rate = Samples(
            ours: [try Child.value("rate", in: ours)], baseline: [try Child.value("rate", in: raw)])
        return [
            Figure(
                "first download of \(count) changes with read model", rate, "changes/s",
                against: "C: the same rows into the same tables, 1,000 to a commit",
                .timesBaselineAtLeast(0.5)),
            Figure(
                "the same, peak memory", Samples(ours: [try Child.value("peak", in: ours)]), "MB",
                against: nil,
                .atMost(150)),
        ]
    }
}
