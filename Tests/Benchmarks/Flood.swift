import ChangeLog
import Cryptography
import NIOCore
import NIOHTTP1
import OfflineReplica
import SyncProtocol
import SyncServer
import Synchronization

/// How long others wait for their verdicts while one device sends as much as it can.
extension Measures {
    /// Devices that work, and how often each sends ten changes.
    private static let others = 20
    private static let pace = Duration.milliseconds(200)
    /// Seconds of each part of a round.
    private static let part = 10.0
    /// What the flood sends: on so many connections, pushes of a thousand changes.
    private static let connections = 16
    private static let size = 1_000
    private static let pushes = 200

    func flood() async throws -> [Figure] {
        let association = try await Association.make(at: path("flood"), organisations: Self.others + 1)
        var workers: [Worker] = []
        for index in 0...Self.others {
            let device = try await association.device(of: index)
            var dossiers = Dossiers(
                edition: association.edition, organisation: association.organisations[index],
                seed: UInt64(301 + index))
            let changes = try dossiers.nominate(index, examples: 30)
            let batch = try device.batch(
                changes, seen: try await association.head(), seed: association.bits())
            try await association.push(batch, by: device)
            workers.append(Worker(device: device, edits: dossiers.edits))
        }
        let seen = try await association.head()
        await association.close()
        var (first, later, refused) = (Samples(), Samples(), 0)
        for _ in 0..<rounds {
            // A server that was started anew remembers nothing: the flood has its burst again.
            let server = try ServerProcess(server, data: association.folder)
            defer { server.stop() }
            let (port, authority) = (server.port, association.authority)
            let flood = try workers[Self.others].bodies(Self.pushes, of: Self.size, seen: seen)
            let quiet = try await Self.work(&workers, seen, authority, port)
            let device = workers[Self.others].device
            let end = End()
            let busy = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<Self.connections {
                    let client = try LoopbackClient(device, authority: authority, port: port)
                    group.addTask {
                        try await client.flood(flood, from: index * 10, to: "/push") {
                            end.hasCome
                        }
                    }
                }
                // Its burst is used up in the first part.
                let parts = [
                    try await Self.work(&workers, seen, authority, port),
                    try await Self.work(&workers, seen, authority, port),
                ]
                end.come()
                for try await count in group { refused += count }
                return parts.map { Self.percentile(99, of: $0) * 1000 }
            }
            first.ours.append(busy[0])
            later.ours.append(busy[1])
            first.baseline.append(Self.percentile(99, of: quiet) * 1000)
            later.baseline = first.baseline
        }
        guard refused > 0 else { throw BenchmarkError("the flood was never refused: it was none") }
        return [("in its first 10 s", first), ("after that", later)].map { part, samples in
            Figure(
                "wait for the verdicts on 10 changes while another device floods, \(part), 99th percentile",
                samples, "ms", against: "the same without the flood", .timesBaselineAtMost(2))
        }
    }

    private struct Worker {
        let device: Device
        var edits: FieldEdits

        mutating func bodies(_ count: Int, of size: Int, seen: Position) throws -> [[UInt8]] {
            try (0..<count).map { _ in
                let changes = (0..<size).map { _ in [edits.operation()] }
                let batch = try device.batch(changes, seen: seen, seed: edits.bits())
                let hello = Hello(replica: device.replica, epoch: device.enrolled.epoch, cursor: seen)
                return Frame.hello(hello).bytes + Frame.push(batch).bytes
            }
        }
    }

    /// Has all but the last work for a while; returns how long each push took, seconds.
    private static func work(
        _ workers: inout [Worker], _ seen: Position, _ authority: Certificate, _ port: Int
    ) async throws -> [Double] {
        let count = Int(part / 0.2)
        var jobs: [(LoopbackClient, [[UInt8]])] = []
        for index in 0..<others {
            let client = try LoopbackClient(workers[index].device, authority: authority, port: port)
            jobs.append((client, try workers[index].bodies(count, of: 10, seen: seen)))
        }
        return try await withThrowingTaskGroup(of: [Double].self) { group in
            for (index, (client, bodies)) in jobs.enumerated() {
                group.addTask {
                    // Not all at one moment.
                    try await Task.sleep(for: pace * index / others)
                    return try await client.pace(bodies, to: "/push", each: pace)
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private static func percentile(_ percent: Int, of times: [Double]) -> Double {
        let sorted = times.sorted()
        return sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }
}

/// Of what goes on until somebody says so.
private final class End: Sendable {
    private let state = Mutex(false)

    var hasCome: Bool { state.withLock { $0 } }
    func come() { state.withLock { $0 = true } }
}
