import ChangeLog
import SyncProtocol
import Testing

@testable import SyncServer

/// What waits for a gap is judged in pieces, so that nobody else waits for all of it.
@Suite(.timeLimit(.minutes(2))) struct CutShortTests {
    /// 400 changes in two audiences behind the two that come last, which are returned.
    private func pileUp(on server: TestServer) async throws -> (
        device: TestDevice, firsts: [BatchEntry], rest: [BatchEntry]
    ) {
        let device = try await server.device()
        let audiences = [Roster.audience, device.own]
        func change(_ index: Int) -> BatchEntry {
            device.change(in: audiences[index % 2], [TestDomain.create(device.record())])
        }
        let firsts = (0..<2).map(change)
        let rest = (0..<400).map(change)
        #expect(try await device.push(rest).allSatisfy { $0.code.hasPrefix("waiting") })
        return (device, firsts, rest)
    }

    private func accepted(_ entries: [BatchEntry], of device: TestDevice) async throws -> Int {
        try await device.verdicts(entries).count { $0.code == "accepted" }
    }

    // P-035
    @Test func `all of it gets its place, in its order`() async throws {
        let server = try await TestServer(rings: true)
        let (device, firsts, rest) = try await pileUp(on: server)
        let head = await server.head()
        #expect(try await device.push(firsts).map(\.code) == ["accepted", "accepted"])
        while await server.head().value < head.value + 402 { await Task.yield() }
        let positions = try await device.verdicts(rest).compactMap(\.place)
        #expect(positions.count == 400)
        for parity in 0..<2 {
            let chain = positions.enumerated().filter { $0.offset % 2 == parity }.map(\.element)
            #expect(chain == chain.sorted())
        }
        #expect(try await server.service.verify().isSound)
    }

    // P-035
    @Test func `a transaction takes a piece, and a server that stopped goes on`() async throws {
        // Its timers never ring, so nothing goes on by itself.
        let server = try await TestServer()
        let (device, firsts, rest) = try await pileUp(on: server)
        #expect(try await device.push(firsts).map(\.code) == ["accepted", "accepted"])
        #expect(try await accepted(rest, of: device) == Settlement.patience)
        #expect(try await server.service.verify().isSound)
        // What comes now does not overtake them.
        let next = device.change([TestDomain.create(device.record())])
        let verdict = try await device.push([next])[0].code
        #expect(verdict.hasPrefix("waiting") && verdict != "waiting 0")
        await server.service.close()
        var environment = server.environment
        environment.sleep = { _ in }
        let reopened = try await SyncService.open(
            in: server.folder, rules: TestDomain.rules, key: server.key, environment: environment)
        let last = rest.map(\.envelope.id) + [next.envelope.id]
        while try await reopened.verdicts(of: last, for: device.identity).contains(where: {
            $0.verdict.place == nil
        }) {
            await Task.yield()
        }
        #expect(try await reopened.verify().isSound)
        await reopened.close()
    }

    // P-035
    @Test func `a second gap where the piece ends is a gap`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let entries = (0..<200).map { _ in device.change([TestDomain.create(device.record())]) }
        let gap = Settlement.patience + 1
        _ = try await device.push(Array(entries[1..<gap]))
        _ = try await device.push(Array(entries[(gap + 1)...]))
        #expect(try await device.push([entries[0]]).map(\.code) == ["accepted"])
        let rest = try await device.verdicts(Array(entries[(gap + 1)...])).map(\.code)
        #expect(rest.first == "waiting 0")
        #expect(Set(rest.dropFirst()) == ["waiting \(entries[gap + 1].envelope.id.number)"])
        #expect(try await server.service.verify().isSound)
        #expect(try await device.push([entries[gap]]).map(\.code) == ["accepted"])
        #expect(try await accepted(entries, of: device) == 200)
    }

    // P-035
    @Test func `what waits behind another one than before says so`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let first = device.change([TestDomain.create(device.record())])
        let second = device.change([TestDomain.create(device.record())])
        let third = device.change([TestDomain.create(device.record())])
        let rest = (0..<300).map { _ in device.change([TestDomain.create(device.record())]) }
        #expect(Set(try await device.push(rest).dropFirst().map(\.code)) == ["waiting 4"])
        #expect(try await device.push([second]).map(\.code) == ["waiting 0"])
        #expect(Set(try await device.verdicts(rest).map(\.code)) == ["waiting 2"])
        #expect(try await device.push([first]).map(\.code) == ["accepted"])
        #expect(Set(try await device.verdicts(rest).dropFirst().map(\.code)) == ["waiting 4"])
        #expect(try await device.push([third]).map(\.code) == ["accepted"])
        #expect(try await accepted(rest, of: device) == Settlement.patience)
        #expect(try await server.service.verify().isSound)
    }
}

extension Verdict {
    fileprivate var place: Position? {
        if case .accepted(let position, _) = self { position } else { nil }
    }
}
