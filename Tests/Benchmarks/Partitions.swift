import ChangeLog
import Foundation
import OfflineReplica
import VoordrachtClient

/// Colleagues who edit without a pause while the network between each of them and the server comes and goes.
extension Measures {
    private static let colleagues = 10
    /// Between two edits of one of them.
    private static let interval = Duration.milliseconds(50)
    /// Seconds; PARTITION_SECONDS shortens a trial.
    private static let length =
        ProcessInfo.processInfo.environment["PARTITION_SECONDS"].flatMap(Double.init) ?? 300
    private static let patience = 120.0

    func partitions() async throws -> [Figure] {
        let association = try await Association.make(at: path("partitions"), organisations: 1)
        let author = try await association.device(of: 0)
        var dossiers = Dossiers(
            edition: association.edition, organisation: association.organisations[0], seed: 401)
        let changes = try dossiers.nominate(0, examples: 30)
        try await association.push(
            try author.batch(changes, seen: .origin, seed: association.bits()), by: author)
        var devices: [Device] = []
        for _ in 0..<Self.colleagues { devices.append(try await association.device(of: 0)) }
        await association.close()
        let server = try ServerProcess(server, data: association.folder)
        defer { server.stop() }
        var (relays, clients): ([Relay], [Voordracht]) = ([], [])
        for (index, device) in devices.enumerated() {
            let relay = try await Relay(to: server.port)
            let folder = path("colleague-\(index)")
            try association.replica(of: device, at: folder, port: relay.port)
            let client = try Voordracht.open(at: folder)
            try await client.sync()
            relays.append(relay)
            clients.append(client)
        }
        let edits = FieldEdits(of: dossiers.edits.examples, seed: 402)
        let outcome = try await Self.live(clients, relays, edits)
        let breaches = try await Self.breaches(clients, edits: outcome.edits)
        for relay in relays { try await relay.stop() }
        return [
            Figure(
                "\(Int(Self.length)) s of \(Self.colleagues) clients under partitions, \(outcome.edits) edits: "
                    + "what is lost, twice, stuck or different", Samples(ours: [Double(breaches)]), "edits",
                against: nil, .atMost(0)),
            Figure(
                "the same, until all queues are empty and all have all", Samples(ours: [outcome.healing]),
                "s",
                against: nil, .atMost(10)),
        ]
    }

    /// Edits and exchanges until the time is over; then how long it took until everybody had everything.
    private static func live(
        _ clients: [Voordracht], _ relays: [Relay], _ edits: FieldEdits
    ) async throws -> (edits: Int, healing: Double) {
        try await withThrowingTaskGroup(of: Void.self) { exchanges in
            for client in clients {
                exchanges.addTask { try await client.watch { _ in } }
            }
            let made = try await withThrowingTaskGroup(of: Int.self) { work in
                for (index, client) in clients.enumerated() {
                    let relay = relays[index]
                    work.addTask { try await edit(client, edits, seed: index) }
                    work.addTask {
                        try await comeAndGo(relay, seed: index)
                        return 0
                    }
                }
                return try await work.reduce(0, +)
            }
            let end = Stopwatch.elapsed
            for relay in relays { relay.set(isCut: false) }
            while try await !isWhole(clients) {
                guard Stopwatch.elapsed - end < patience else { break }
                try await Task.sleep(for: .milliseconds(50))
            }
            let healing = Stopwatch.elapsed - end
            exchanges.cancelAll()
            // What a watch ends with once it is cancelled tells nothing.
            while await exchanges.nextResult() != nil {}
            return (made, healing)
        }
    }

    private static func edit(_ client: Voordracht, _ edits: FieldEdits, seed: Int) async throws -> Int {
        var edits = FieldEdits(of: edits.examples, seed: UInt64(500 + seed))
        let clock = ContinuousClock()
        let beginning = clock.now
        let count = Int(length * 20)
        for turn in 0..<count {
            try await clock.sleep(until: beginning + interval * turn)
            let edit = edits.next()
            // The author and the turn make each value unlike any other.
            try await client.set(edit.field.name, of: edit.example, to: "\(edit.value) \(seed)-\(turn)")
        }
        return count
    }

    private static func comeAndGo(_ relay: Relay, seed: Int) async throws {
        var generator = SplitMix64(seed: UInt64(600 + seed))
        let end = Stopwatch.elapsed + length
        while Stopwatch.elapsed < end {
            relay.set(isCut: Bool.random(using: &generator))
            let stay = Int.random(in: 50...4_000, using: &generator)
            try await Task.sleep(for: .milliseconds(stay))
        }
    }

    private static func isWhole(_ clients: [Voordracht]) async throws -> Bool {
        var cursors: Set<Position> = []
        for client in clients {
            // A digest would fold all anew each time.
            let status = try await client.status()
            guard status.queued + status.held + status.waiting == 0 else { return false }
            cursors.insert(status.view.cursor)
        }
        return cursors.count == 1
    }

    /// Digests that differ, queues that are not empty, and edits that are not in the log once.
    private static func breaches(_ clients: [Voordracht], edits: Int) async throws -> Int {
        var (count, digests): (Int, Set<ChangeHash>) = (0, [])
        for client in clients {
            let status = try await client.status()
            count += status.queued + status.held + status.waiting + status.tray
            let log = try await client.log(limit: 1_000_000)
            var own: [ReplicaID: Int] = [:]
            for change in log.items { own[change.change.replica, default: 0] += 1 }
            // The most that an author has are the colleagues' edits; the server's and the first author's are others.
            let made = own.values.sorted().suffix(clients.count).reduce(0, +)
            count += abs(made - edits)
            for audience in try await client.digest().audiences
            where audience.id.name.hasPrefix("organisation") {
                digests.insert(audience.digest)
            }
        }
        return count + digests.count - 1
    }
}
