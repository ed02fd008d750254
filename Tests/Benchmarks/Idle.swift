import ChangeLog
import SyncProtocol
import SyncServer
import Synchronization

/// What a client costs the server that is connected, and nothing happens.
extension Measures {
    private static let clients = 600
    private static let quiet = Duration.seconds(60)

    func idle() async throws -> [Figure] {
        let association = try await Association.make(at: path("idle"), organisations: Self.clients)
        var devices: [Device] = []
        for index in 0..<Self.clients { devices.append(try await association.device(of: index)) }
        let head = try await association.head()
        await association.close()
        var samples = Samples()
        for _ in 0..<rounds {
            let server = try ServerProcess(server, data: association.folder)
            defer { server.stop() }
            let clients = try devices.map { device in
                (
                    try LoopbackClient(device, authority: association.authority, port: server.port),
                    Self.opening(device, at: head)
                )
            }
            // Whatever the first clients bring about is not what a further one costs.
            try await Self.connected(Array(clients[..<20]), for: .seconds(1)) {}
            let before = try ProcessMemory.share(of: server.identifier)
            var after = 0.0
            try await Self.connected(clients, for: Self.quiet) {
                after = try ProcessMemory.share(of: server.identifier)
            }
            samples.ours.append((after - before) / Double(Self.clients))
        }
        return [
            Figure(
                "memory of the server for each of 600 idle live clients, after 60 s", samples, "kB",
                against: nil, .atMost(60))
        ]
    }

    /// A live pull of a device that has everything.
    private static func opening(_ device: Device, at head: Position) -> [UInt8] {
        let everyone = Want.Held(audience: Roster.audience, have: head, end: head)
        return Frame.hello(Hello(replica: device.replica, epoch: device.enrolled.epoch, cursor: head)).bytes
            + Frame.want(Want(cursor: head, isLive: true, held: [everyone])).bytes
    }

    /// Calls `body` when all clients have been current for so long, and then lets them go.
    private static func connected(
        _ clients: [(LoopbackClient, [UInt8])], for duration: Duration, _ body: () throws -> Void
    ) async throws {
        let (currents, continuation) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (client, opening) in clients {
                group.addTask {
                    let decoder = Mutex(FrameDecoder())
                    try await client.listen(opening, at: "/pull") { bytes in
                        try decoder.withLock { decoder in
                            decoder.append(bytes)
                            while let frame = try decoder.next() {
                                if case .refusal(let reason) = frame { throw reason }
                                if case .current = frame { continuation.yield() }
                            }
                        }
                    }
                }
            }
            group.addTask {
                var count = 0
                for await _ in currents {
                    count += 1
                    if count == clients.count { break }
                }
                try await Task.sleep(for: duration)
            }
            try await group.next()
            try body()
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
    }
}
