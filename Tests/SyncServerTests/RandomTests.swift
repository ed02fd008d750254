import ChangeLog
import SyncProtocol
import Testing

@testable import SyncServer

/// Devices that push whatever they like in any order, a secretariat that releases and declines, restarts
/// and readers in between; what must hold is checked at every step and at the end.
@Suite struct RandomTests {
    private final class Peer {
        let device: TestDevice
        var made: [BatchEntry] = []
        var decided: [ChangeID: Verdict] = [:]
        var reader: TestReader

        init(_ device: TestDevice) {
            self.device = device
            reader = TestReader(device)
        }

        /// An accepted or refused change never gets another verdict.
        func check(_ entries: [BatchEntry], _ verdicts: [Verdict]) {
            for (entry, verdict) in zip(entries, verdicts) {
                let id = entry.envelope.id
                if let known = decided[id] { #expect(known == verdict) }
                switch verdict {
                case .accepted, .refused: decided[id] = verdict
                case .held, .waiting: break
                }
            }
        }
    }

    private struct World {
        let server: TestServer
        let peers: [Peer]
        let team: AudienceID
        var notes: [AudienceID: [RecordID]] = [:]
        var random: SplitMix64

        mutating func pick<Element>(_ elements: [Element]) -> Element? {
            elements.randomElement(using: &random)
        }
        mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    }

    // P-030, P-031, P-032, P-034
    @Test(arguments: 1...8)
    func `whatever comes in whatever order, the log stays sound and every change is judged`(
        _ seed: UInt64
    ) async throws {
        let server = try await TestServer()
        let team = RecordID(server.clock.bits())
        let anna = try await server.device(team: team)
        let devices = [anna, try await server.device(of: anna.person), try await server.device(team: team)]
        var world = World(
            server: server, peers: devices.map(Peer.init), team: AudienceID(family: "team", team),
            random: SplitMix64(seed: seed))
        for audience in [Roster.audience, world.team] + devices.map(\.own) {
            let notes = (0..<4).map { _ in RecordID(server.clock.bits()) }
            world.notes[audience] = notes
            _ = try await server.service.author([(audience, notes.map(TestDomain.create))])
        }
        for _ in 0..<150 { try await step(&world) }
        try await settle(&world)
        #expect(try await server.service.verify().isSound, "seed \(seed)")
        try await checkOrder(world, seed)
    }

    private func step(_ world: inout World) async throws {
        guard let peer = world.pick(world.peers) else { return }
        world.server.clock.advance(Int64.random(in: 0...5000, using: &world.random))
        switch Int.random(in: 0..<12, using: &world.random) {
        case 0...4: await make(&world, peer)
        case 5...7:
            let start = Int.random(in: 0...peer.made.count, using: &world.random)
            let end = Int.random(in: start...peer.made.count, using: &world.random)
            let part = Array(peer.made[start..<end])
            if !part.isEmpty { peer.check(part, try await peer.device.push(part)) }
        case 8: try await pull(peer)
        case 9, 10: try await decide(&world)
        default: if world.chance(30) { try await world.server.reopen() }
        }
    }

    private func make(_ world: inout World, _ peer: Peer) async {
        let head = await world.server.head().value
        let seen = Position(UInt64.random(in: 0...head, using: &world.random))
        let audiences = [Roster.audience, world.team, peer.device.own]
        let size = world.chance(25) ? Int.random(in: 2...4, using: &world.random) : 1
        let parts = (0..<size).compactMap { _ -> (AudienceID, [ChangeLog.Operation])? in
            guard let audience = world.pick(audiences) else { return nil }
            var operations: [ChangeLog.Operation] = []
            if world.chance(10) {
                let note = peer.device.record()
                world.notes[audience]?.append(note)
                operations.append(TestDomain.create(note))
            }
            let titles = ["a", "b", "c", "d", "e", "f", "g", "h", "hold", "refuse"]
            guard let note = world.pick(world.notes[audience] ?? []), let title = world.pick(titles)
            else { return nil }
            operations.append(TestDomain.write(note, title))
            if world.chance(30) { operations.append(TestDomain.decide(note, title)) }
            return (audience, operations)
        }
        if parts.count == 1 {
            peer.made.append(peer.device.change(in: parts[0].0, seen: seen, parts[0].1))
        } else {
            peer.made += peer.device.group(seen: seen, parts)
        }
    }

    private func decide(_ world: inout World) async throws {
        guard let held = world.pick(try await world.server.service.held()) else { return }
        if world.chance(50) {
            do {
                try await world.server.service.release(held.change)
            } catch is Reason {
                // It cannot stand any more, and is refused now.
            }
        } else {
            try await world.server.service.decline(held.change, reason: "No.")
        }
    }

    private func pull(_ peer: Peer) async throws {
        for try await frame in peer.reader.resume(peer.device) { try peer.reader.take(frame) }
    }

    private func settle(_ world: inout World) async throws {
        for peer in world.peers where !peer.made.isEmpty {
            peer.check(peer.made, try await peer.device.push(peer.made))
        }
        while try await !world.server.service.held().isEmpty { try await decide(&world) }
        for peer in world.peers { try await pull(peer) }
    }

    private func checkOrder(_ world: World, _ seed: UInt64) async throws {
        let all = world.peers.flatMap(\.made)
        for peer in world.peers {
            let verdicts = try await peer.device.verdicts(peer.made)
            peer.check(peer.made, verdicts)
            #expect(peer.decided.count == peer.made.count, "seed \(seed): everything is judged")
            var last: [AudienceID: Position] = [:]
            for (entry, verdict) in zip(peer.made, verdicts) {
                guard let position = verdict.position else { continue }
                #expect(position > last[entry.envelope.audience] ?? .origin, "seed \(seed)")
                last[entry.envelope.audience] = position
            }
        }
        for peer in world.peers {
            let seen = peer.reader.entries.map(\.envelope.id)
            let readable = Set([Roster.audience, world.team, peer.device.own])
            let expected = all.filter { entry in
                guard readable.contains(entry.envelope.audience) else { return false }
                return world.peers.contains { $0.decided[entry.envelope.id]?.position != nil }
            }
            #expect(Set(expected.map(\.envelope.id)).isSubset(of: seen), "seed \(seed)")
            #expect(Set(seen).count == seen.count, "seed \(seed): nothing comes twice")
            #expect(
                peer.reader.entries.allSatisfy { readable.contains($0.envelope.audience) }, "seed \(seed)")
        }
    }
}
