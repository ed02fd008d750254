import ChangeLog
import NIOCore
import NIOHTTP1
import SyncProtocol
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct ExchangeTests {
    @Test func `what one device pushes another pulls`() async throws {
        try await TestInterface.run { server async throws in
            let anna = try await server.enrolledDevice("Anna")
            let bas = try await server.enrolledDevice("Bas")
            let entry = anna.device.change([TestDomain.create(anna.device.record())])
            let batch = try anna.device.batch([entry])
            let verdicts = try await TestConnection.open(to: server.port, anna.context) {
                connection async throws in
                try await connection.request("/push", [.hello(anna.device.hello), .push(batch)])
            }
            #expect(verdicts.headers.first(name: "content-type") == TestConnection.frameType)
            var push = PushSession(hello: anna.device.hello, batches: [batch], questions: [])
            let actions = verdicts.frames.flatMap { push.receive($0) }
            #expect(actions.last == .done)
            let answer = try await TestConnection.open(to: server.port, bas.context) {
                connection async throws in
                try await connection.request("/pull", bas.want())
            }
            var pull = PullSession(
                hello: bas.device.hello, want: Want(cursor: .origin, isLive: false, held: []))
            for frame in answer.frames {
                if case .fail(let error) = pull.receive(frame) { Issue.record("\(error)") }
            }
            #expect(answer.frames.flatMap(\.delivered).contains { $0.envelope.id == entry.envelope.id })
        }
    }

    @Test func `several frames of a push are answered one by one, questions among them`() async throws {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            let entries = (0..<3).map { _ in client.device.change([TestDomain.create(client.device.record())])
            }
            var frames: [Frame] = [.hello(client.device.hello)]
            for entry in entries { frames.append(.push(try client.device.batch([entry]))) }
            frames.append(.ask(entries.map(\.envelope.id)))
            let asked = frames
            let answer = try await TestConnection.open(to: server.port, client.context) {
                connection async throws in
                try await connection.request("/push", asked)
            }
            let verdicts = answer.frames.compactMap { frame -> [VerdictEntry]? in
                if case .verdicts(let entries) = frame { entries } else { nil }
            }
            #expect(verdicts.map(\.count) == [1, 1, 1, 3])
            #expect(verdicts.last == Array(verdicts.dropLast().joined()))
            #expect(verdicts.joined().allSatisfy { $0.verdict.code == "accepted" })
        }
    }

    @Test func `what a device says to have deleted is no longer counted as held`() async throws {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            func held() async throws -> [AudienceID]? {
                try await server.workspace.service.devices().first { $0.person != nil }?.audiences
            }
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                _ = try await connection.request("/pull", client.want())
                #expect(try await held() == [Roster.audience])
                let answer = try await connection.request(
                    "/push", [.hello(client.device.hello), .purged([Roster.audience])])
                #expect(answer.code == nil)
                #expect(try await held() == [])
            }
        }
    }

    // P-018, P-020, P-021
    @Test func `a request that does not begin as it should gets status 400 and the code`() async throws {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            var old = client.device.hello
            old.version = 99
            let want = Want(cursor: .origin, isLive: false, held: [])
            let cases: [(String, [UInt8], String)] = [
                ("/push", Array("GARBAGE".utf8), "frame.tooLarge"),
                ("/push", [0, 0, 0, 2, 99, 1], "frame.unknown"),
                ("/push", [0, 0, 0, 2, 1, 1], "frame.malformed"),
                ("/push", [0, 0, 0, 9, 1], "frame.truncated"),
                ("/push", [], "frame.truncated"),
                ("/push", Frame.ask([]).bytes, "session.outOfOrder"),
                ("/push", Frame.hello(old).bytes, "session.version"),
                ("/pull", Frame.hello(client.device.hello).bytes, "frame.truncated"),
                ("/pull", Frame.want(want).bytes, "session.outOfOrder"),
            ]
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                for (path, body, code) in cases {
                    let document = try await connection.request(.POST, path, body)
                    #expect(document.status == 400, "\(path) \(code)")
                    #expect(document.code == code)
                    let frame = try await connection.request(
                        .POST, path, body, headers: ["content-type": TestConnection.frameType])
                    #expect(frame.status == 400)
                    #expect(frame.code == code)
                }
            }
        }
    }

    // P-018, P-021
    @Test func `what goes wrong later in a push is said in a frame, and what was judged before stands`()
        async throws
    {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            let entry = client.device.change([TestDomain.create(client.device.record())])
            let frames: [Frame] = [
                .hello(client.device.hello), .push(try client.device.batch([entry])),
                .welcome(
                    Welcome(epoch: client.device.epoch, head: .origin, milliseconds: 0)),
            ]
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                let answer = try await connection.request("/push", frames)
                #expect(answer.status == 200)
                #expect(answer.code == "session.outOfOrder")
                let again = try await connection.request(
                    "/push", [.hello(client.device.hello), .ask([entry.envelope.id])])
                guard case .verdicts(let verdicts) = again.frames.last else {
                    Issue.record("no verdicts")
                    return
                }
                #expect(verdicts.map(\.verdict.code) == ["accepted"])
            }
        }
    }

    // P-061
    @Test func `one frame more than the limit is refused`() async throws {
        var limits = HTTPLimits()
        limits.framesPerRequest = 3
        try await TestInterface.run(limits: limits) { server async throws in
            let client = try await server.enrolledDevice()
            let hello = Frame.hello(client.device.hello)
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                let fits = try await connection.request("/push", [hello, .ask([]), .ask([])])
                #expect(fits.code == nil)
                let over = try await connection.request("/push", [hello, .ask([]), .ask([]), .ask([])])
                #expect(over.code == "frame.tooLarge")
            }
        }
    }

    @Test func `a foreign replica ends the exchange`() async throws {
        try await TestInterface.run { server async throws in
            let anna = try await server.enrolledDevice("Anna")
            let bas = try await server.enrolledDevice("Bas")
            let entry = bas.device.change([TestDomain.create(bas.device.record())])
            let batch = try bas.device.batch([entry])
            try await TestConnection.open(to: server.port, anna.context) { connection async throws in
                let answer = try await connection.request("/push", [.hello(bas.device.hello), .push(batch)])
                #expect(answer.code == "replica.foreign")
            }
        }
    }
}
