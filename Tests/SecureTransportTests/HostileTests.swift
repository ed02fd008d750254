import NIOCore
import NIOEmbedded
import SecureTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct HostileTests {
    let authority: TestAuthority

    init() throws {
        authority = try TestAuthority()
    }

    private func pair(limits: TLSLimits = TLSLimits()) throws -> EmbeddedPair {
        try EmbeddedPair(
            server: authority.serverContext(),
            client: authority.clientContext(identity: authority.device("een")), limits: limits)
    }

    @Test(arguments: [
        Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8), [UInt8](repeating: 0, count: 100),
        [UInt8](repeating: 0xFF, count: 100_000), Array("SSH-2.0-OpenSSH_9.2\r\n".utf8),
        [22, 3, 1, 0, 5, 1, 0, 0, 1, 0],
    ])
    func garbageInsteadOfAHelloIsACleanError(bytes: [UInt8]) async throws {
        let server = try await Loopback(authority.serverContext())
        let stranger = try await server.connectPlainly()
        stranger.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        let seen = try await server.accept().end.get()
        #expect(seen.errors == [.handshakeFailed])
        #expect(seen.events.isEmpty && seen.count == 0)
        // The server has closed, or shut its half after the alert.
        stranger.close(promise: nil)
        try await stranger.closeFuture.get()
        try await server.close()
    }

    /// A hello that never ends, in well-formed records: without a limit libssl would gather it.
    @Test func aMegabyteBeforeTheHandshakeIsTooMuch() async throws {
        let server = try await Loopback(authority.serverContext())
        let stranger = try await server.connectPlainly()
        var bytes: [UInt8] = []
        while bytes.count < 1024 * 1024 {
            let start: [UInt8] = bytes.isEmpty ? [1, 1, 0xF0, 0] : []
            bytes += [22, 3, 1, 0x3F, 0xF0] + start + [UInt8](repeating: 0, count: 0x3FF0 - start.count)
        }
        stranger.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        #expect(try await server.accept().end.get().errors == [.tooManyBytesBeforeHandshake])
        stranger.close(promise: nil)
        try await server.close()
    }

    @Test func aPeerThatSaysNothingIsGivenUp() throws {
        let end = try EmbeddedEnd(TLSHandler(context: authority.serverContext()))
        end.loop.advanceTime(by: .milliseconds(9_999))
        #expect(end.channel.isActive)
        end.loop.advanceTime(by: .milliseconds(1))
        #expect(end.observer.seen.errors == [.handshakeTimeout])
        #expect(!end.channel.isActive)
    }

    @Test func theTimeoutOfTheHandshakeEndsWithIt() throws {
        let pair = try pair()
        try pair.pump()
        pair.server.loop.advanceTime(by: .seconds(60))
        pair.client.loop.advanceTime(by: .seconds(60))
        #expect(pair.server.channel.isActive && pair.client.channel.isActive)
    }

    @Test func aPeerThatLeavesDuringTheHandshakeIsReported() throws {
        let pair = try pair()
        try pair.server.receive(Array(pair.client.sent().joined().prefix(50)))
        pair.server.disconnect()
        #expect(pair.server.observer.seen.errors == [.handshakeFailed])
    }

    @Test func aConnectionWithoutGoodbyeIsTruncated() throws {
        let pair = try pair()
        try pair.pump()
        pair.client.channel.writeAndFlush(ByteBuffer(string: "half een bericht"), promise: nil)
        try pair.pump()
        pair.server.disconnect()
        #expect(pair.server.observer.seen.errors == [.truncated])
        #expect(pair.server.observer.received == Array("half een bericht".utf8))
    }

    @Test func tooMuchWrittenBeforeTheHandshakeFails() throws {
        let pair = try pair()
        let first = pair.client.channel.writeAndFlush(ByteBuffer(repeating: 1, count: 1024 * 1024))
        let second = pair.client.channel.writeAndFlush(ByteBuffer(repeating: 2, count: 1))
        #expect(throws: TransportError.self) { try second.wait() }
        // Nothing after a hole may reach the peer.
        #expect(throws: TransportError.self) { try first.wait() }
        #expect(pair.client.observer.seen.errors == [.tooManyBytesQueued])
    }

    @Test func whatIsWrittenBeforeTheHandshakeArrivesAfterIt() throws {
        let pair = try pair()
        let bytes = (0..<1024 * 1024).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let early = pair.client.channel.writeAndFlush(ByteBuffer(bytes: bytes))
        try pair.pump()
        try early.wait()
        #expect(pair.server.observer.received == bytes)
        #expect(pair.server.observer.seen.errors.isEmpty)
    }

    /// Whatever is changed on the way: an error, and never other bytes than were sent.
    @Test func alteredBytesAreNeverTakenForTheOriginal() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        let device = try authority.device("een")
        let contexts = try (authority.serverContext(), authority.clientContext(identity: device))
        let bytes = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        for _ in 0..<150 {
            let pair = try EmbeddedPair(server: contexts.0, client: contexts.1)
            pair.client.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
            var countdown = Int.random(in: 0..<46_000, using: &random)
            var isAltered = false
            try pair.pump { original in
                countdown -= original.count
                guard countdown < 0, !isAltered else { return original }
                isAltered = true
                var altered = original
                let index = Int.random(in: altered.indices, using: &random)
                switch UInt8.random(in: 0..<3, using: &random) {
                case 0: altered[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: altered.remove(at: index)
                default: altered.insert(altered[index], at: index)
                }
                return altered
            }
            pair.server.disconnect()
            pair.client.disconnect()
            let (server, client) = (pair.server.observer.seen, pair.client.observer.seen)
            #expect(bytes.starts(with: pair.server.observer.received), "seed \(seed)")
            #expect(!isAltered || server.errors.count + client.errors.count > 0, "seed \(seed)")
            #expect(server.errors.count <= 1 && client.errors.count <= 1, "seed \(seed)")
        }
    }
}
