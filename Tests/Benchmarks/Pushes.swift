import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol
import SyncServer

/// Pushes of a hundred edits over TLS, by one and by many devices at once.
extension Measures {
    private static let batch = 100
    /// Connections, and how many pushes each makes in one round.
    private static let loads = [(connections: 1, pushes: 100), (8, 25), (64, 6)]

    func pushes() async throws -> [Figure] {
        let association = try await Association.make(at: path("push"), organisations: 64)
        var devices: [Device] = []
        var edits: [FieldEdits] = []
        for index in 0..<64 {
            let device = try await association.device(of: index)
            var dossiers = Dossiers(
                edition: association.edition, organisation: association.organisations[index],
                seed: UInt64(101 + index))
            let changes = try dossiers.nominate(index, examples: 30)
            let batch = try device.batch(
                changes, seen: try await association.head(), seed: association.bits())
            try await association.push(batch, by: device)
            devices.append(device)
            edits.append(dossiers.edits)
        }
        let seen = try await association.head()
        await association.close()
        let server = try ServerProcess(server, data: association.folder)
        defer { server.stop() }

        var figures: [Figure] = []
        for (connections, pushes) in Self.loads {
            var samples = Samples()
            // The first round only warms up.
            for round in 0...rounds {
                var bodies: [[[UInt8]]] = []
                for index in 0..<connections {
                    let device = devices[index]
                    bodies.append(
                        try (0..<pushes).map { _ in
                            let changes = (0..<Self.batch).map { _ in [edits[index].operation()] }
                            let batch = try device.batch(changes, seen: seen, seed: edits[index].bits())
                            let hello = Hello(
                                replica: device.replica, epoch: device.enrolled.epoch, cursor: seen)
                            return Frame.hello(hello).bytes + Frame.push(batch).bytes
                        })
                }
                let clients = try devices[..<connections].map {
                    try LoopbackClient($0, authority: association.authority, port: server.port)
                }
                let seconds = try await Self.push(bodies, by: clients)
                let raw = try baseline("rows", [path("rows.db"), "20000"])
                guard round > 0 else { continue }
                samples.ours.append(Double(connections * pushes * Self.batch) / seconds)
                samples.baseline.append(try Child.value("rate", in: raw))
            }
            figures.append(
                Figure(
                    "pushes of 100 changes over TLS, \(connections) connection\(connections == 1 ? "" : "s")",
                    samples, "changes/s", against: "C: SQLite, 84-byte rows, FULL per 100",
                    .timesBaselineAtLeast(0.5)))
        }
        return figures
    }

    /// Seconds from when all are connected until all have their verdicts.
    private static func push(_ bodies: [[[UInt8]]], by clients: [LoopbackClient]) async throws -> Double {
        let gate = Gate(clients.count)
        return try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for (client, bodies) in zip(clients, bodies) {
                group.addTask { try await client.post(bodies, to: "/push") { await gate.pass() } }
            }
            var answers: [[UInt8]] = []
            for try await answer in group { answers += answer }
            let elapsed = Stopwatch.elapsed - (await gate.opened)
            try checkAccepted(answers, batch)
            return elapsed
        }
    }

    /// So many changes must have been accepted by each answer.
    static func checkAccepted(_ answers: [[UInt8]], _ count: Int) throws {
        for answer in answers {
            var decoder = FrameDecoder()
            decoder.append(answer)
            var accepted = 0
            while let frame = try decoder.next() {
                guard case .verdicts(let entries) = frame else { continue }
                for entry in entries {
                    guard case .accepted = entry.verdict else {
                        throw BenchmarkError("\(entry.change) was not accepted: \(entry.verdict)")
                    }
                    accepted += 1
                }
            }
            guard accepted == count else {
                throw BenchmarkError("\(accepted) verdicts to a push of \(count)")
            }
        }
    }
}

/// Lets nobody through until all are there.
private actor Gate {
    private var missing: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private(set) var opened = 0.0

    init(_ count: Int) { missing = count }

    func pass() async {
        missing -= 1
        guard missing == 0 else { return await withCheckedContinuation { waiting.append($0) } }
        opened = Stopwatch.elapsed
        for waiter in waiting { waiter.resume() }
    }
}
