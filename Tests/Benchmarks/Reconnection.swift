import ChangeLog
import Foundation
import SyncProtocol
import SyncServer

/// All members come back at once, each with what was written meanwhile.
extension Measures {
    /// MEMBERS makes a trial smaller.
    private static let members =
        ProcessInfo.processInfo.environment["MEMBERS"].flatMap { Int($0) } ?? 600
    private static let queue = 200

    func reconnection() async throws -> [Figure] {
        let association = try await Association.make(at: path("reconnect"), organisations: Self.members)
        var (devices, edits): ([Device], [FieldEdits]) = ([], [])
        for index in 0..<Self.members {
            let device = try await association.device(of: index)
            var dossiers = Dossiers(
                edition: association.edition, organisation: association.organisations[index],
                seed: UInt64(701 + index))
            let changes = try dossiers.nominate(index % 300, examples: 5)
            try await association.push(
                try device.batch(changes, seen: try await association.head(), seed: association.bits()),
                by: device)
            devices.append(device)
            edits.append(dossiers.edits)
        }
        let seen = try await association.head()
        await association.close()
        var (drained, latest, memory) = (Samples(), Samples(), Samples())
        for _ in 0..<rounds {
            let server = try ServerProcess(server, data: association.folder)
            defer { server.stop() }
            var jobs: [(LoopbackClient, [UInt8])] = []
            for (index, device) in devices.enumerated() {
                let changes = (0..<Self.queue).map { _ in [edits[index].operation()] }
                let batch = try device.batch(changes, seen: seen, seed: edits[index].bits())
                let hello = Hello(replica: device.replica, epoch: device.enrolled.epoch, cursor: seen)
                jobs.append(
                    (
                        try LoopbackClient(device, authority: association.authority, port: server.port),
                        Frame.hello(hello).bytes + Frame.push(batch).bytes
                    ))
            }
            let times = try await Self.comeBack(jobs)
            drained.ours.append(times[times.count - 1])
            latest.ours.append(times[times.count * 99 / 100])
            memory.ours.append(try ProcessMemory.share(of: server.identifier) / 1000)
        }
        return [
            Figure(
                "\(Self.members) clients reconnect at once with 200 changes each, until all have their verdicts",
                drained,
                "s",
                against: nil, .atMost(10)),
            Figure(
                "the same, until a client has its verdicts, 99th percentile", latest, "s",
                against: nil, .atMost(1)),
            Figure("the same, memory of the server afterwards", memory, "MB", against: nil, .atMost(500)),
        ]
    }

    /// Seconds from the beginning until each had its verdicts, in their order.
    private static func comeBack(_ jobs: [(LoopbackClient, [UInt8])]) async throws -> [Double] {
        let start = Stopwatch.elapsed
        let times = try await withThrowingTaskGroup(of: Double.self) { group in
            for (client, body) in jobs {
                group.addTask {
                    let answers = try await client.post([body], to: "/push") {}
                    try checkAccepted(answers, queue)
                    return Stopwatch.elapsed - start
                }
            }
            return try await group.reduce(into: [Double]()) { $0.append($1) }
        }
        return times.sorted()
    }
}
