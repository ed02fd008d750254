import ChangeLog
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import SyncProtocol
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct StreamTests {
    // P-044
    @Test func `a live pull goes on with what another device pushes`() async throws {
        try await TestInterface.run { server async throws in
            let anna = try await server.enrolledDevice("Anna")
            let bas = try await server.enrolledDevice("Bas")
            try await TestConnection.open(to: server.port, bas.context) { live async throws in
                try await live.stream("/pull", bas.want(isLive: true))
                try await live.skipToCurrent()
                for _ in 0..<3 {
                    let entry = anna.device.change([TestDomain.create(anna.device.record())])
                    let batch = try anna.device.batch([entry])
                    _ = try await TestConnection.open(to: server.port, anna.context) {
                        connection async throws in
                        try await connection.request("/push", [.hello(anna.device.hello), .push(batch)])
                    }
                    let frame = try await live.nextFrame()
                    #expect(frame?.delivered.map(\.envelope.id) == [entry.envelope.id])
                }
            }
        }
    }

    // P-014
    @Test func `a live pull ends with the reason when its device is revoked`() async throws {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            let device = client.device.identity.device
            try await TestConnection.open(to: server.port, client.context) { live async throws in
                try await live.stream("/pull", client.want(isLive: true))
                try await live.skipToCurrent()
                try await server.workspace.service.revoke(device: device, lost: false)
                var last: Frame?
                while let frame = try await live.nextFrame() { last = frame }
                #expect(last?.refusal == "device.retired")
            }
        }
    }

    @Test func `a device that leaves in the middle of a live pull leaves nothing behind`() async throws {
        let (messages, log) = AsyncStream<String>.makeStream()
        var environment = TestInterface.environment
        environment.logger = Logger(label: "test") { _ in Messages(to: log) }
        try await TestInterface.run(environment: environment) { server async throws in
            let client = try await server.enrolledDevice()
            try await TestConnection.open(to: server.port, client.context) { live async throws in
                try await live.stream("/pull", client.want(isLive: true))
                try await live.skipToCurrent()
            }
            #expect(await messages.first { $0 == "A live pull has ended" } != nil)
        }
    }

    @Test func `a live pull ends properly when the server stops`() async throws {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            try await TestConnection.open(to: server.port, client.context) { live async throws in
                try await live.stream("/pull", client.want(isLive: true))
                try await live.skipToCurrent()
                await server.group.triggerGracefulShutdown()
                while let frame = try await live.nextFrame() { #expect(frame.refusal == nil) }
            }
        }
    }

    @Test func `a server that stops does not wait for idle connections`() async throws {
        try await TestInterface.run { server async throws in
            try await TestConnection.open(to: server.port, try server.anonymous()) {
                connection async throws in
                await server.group.triggerGracefulShutdown()
                await #expect(throws: (any Error).self) {
                    while true { _ = try await connection.request(.GET, "/healthz") }
                }
            }
        }
    }

    @Test func `curl gets the same stream`() async throws {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                let answer = try await connection.request(.GET, "/pull?cursor=0")
                let framed = try await connection.request("/pull", client.want())
                #expect(answer.frames.flatMap(\.delivered) == framed.frames.flatMap(\.delivered))
                #expect(!answer.frames.flatMap(\.delivered).isEmpty)
                #expect(try await connection.request(.GET, "/pull?cursor=x").code == "body.malformed")
            }
        }
    }
}

extension TestConnection {
    /// Reads up to the frame that says that all is delivered.
    mutating func skipToCurrent() async throws {
        while let frame = try await nextFrame() {
            if case .current = frame { return }
        }
        throw ChannelError.eof
    }
}

/// Hands on what is logged.
private struct Messages: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug
    private let stream: AsyncStream<String>.Continuation

    init(to stream: AsyncStream<String>.Continuation) { self.stream = stream }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { stream.yield("\(event.message)") }
}
