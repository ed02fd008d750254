import ChangeLog
import Foundation
import VoordrachtClient

/// Edits of one field by one process, each durable before the next.
enum Edits {
    /// What an organisation has: so many nominations, with so many examples each.
    static let (nominations, examples) = (30, 30)

    /// FOLDER COUNT: makes so many edits, and prints how long one took, µs.
    static func run(_ arguments: [String]) async throws {
        guard arguments.count == 2, let count = Int(arguments[1]) else {
            throw BenchmarkError("FOLDER COUNT")
        }
        let voordracht = try Voordracht.open(at: arguments[0])
        let records = try await voordracht.list("example").items.map(\.record)
        var edits = FieldEdits(of: records, seed: 2)
        var times: [Double] = []
        for _ in 0..<count {
            let edit = edits.next()
            let start = Stopwatch.elapsed
            try await voordracht.set(edit.field.name, of: edit.example, to: edit.value)
            times.append((Stopwatch.elapsed - start) * 1e6)
        }
        times.sort()
        print("p50 \(times[count / 2])")
        print("p99 \(times[count * 99 / 100])")
    }
}

extension Measures {
    func edits() async throws -> [Figure] {
        let count = 10_000
        let association = try await Association.make(at: path("edits-server"), organisations: 1)
        let device = try await association.device(of: 0)
        var dossiers = Dossiers(
            edition: association.edition, organisation: association.organisations[0], seed: 101)
        for index in 0..<Edits.nominations {
            let changes = try dossiers.nominate(index, examples: Edits.examples)
            let batch = try device.batch(changes, seen: .origin, seed: association.bits())
            try await association.push(batch, by: device)
        }
        // The replica of a colleague: what it edits it has received.
        let editor = try await association.device(of: 0)
        await association.close()
        let server = try ServerProcess(server, data: association.folder)
        defer { server.stop() }
        try association.replica(of: editor, at: path("edits"), port: server.port)
        _ = try Child.part(.download, [path("edits")])

        var (median, tail) = (Samples(), Samples())
        for _ in 0..<rounds {
            try copy(path("edits"), to: path("edits-now"))
            let ours = try Child.part(.edits, [path("edits-now"), "\(count)"])
            try copy(path("edits"), to: path("edits-now"))
            let raw = try baseline("edits", [path("edits-now/replica.db"), "\(count)"])
            median.ours.append(try Child.value("p50", in: ours))
            median.baseline.append(try Child.value("p50", in: raw))
            tail.ours.append(try Child.value("p99", in: ours))
            tail.baseline.append(try Child.value("p99", in: raw))
        }
        let name = "C: the same rows into the same tables, FULL"
        return [
            Figure(
                "one field edited, durable, median", median, "µs", against: name, .timesBaselineAtMost(1.5)),
            Figure("one field edited, durable, p99", tail, "µs", against: name, .timesBaselineAtMost(3)),
        ]
    }
}
