import NIOCore
import NIOEmbedded
import SecureTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ClosingTests {
    let pair: EmbeddedPair

    init() throws {
        let authority = try TestAuthority()
        pair = try EmbeddedPair(server: authority.serverContext(), client: authority.clientContext())
        try pair.pump()
    }

    @Test func bothSayGoodbye() throws {
        let closed = pair.client.channel.close()
        #expect(pair.client.channel.isActive)
        try pair.pump()
        try closed.wait()
        #expect(!pair.client.channel.isActive && !pair.server.channel.isActive)
        #expect(pair.server.observer.seen.events.last == .closedByPeer)
        #expect(pair.server.observer.seen.errors.isEmpty && pair.client.observer.seen.errors.isEmpty)
    }

    @Test func aPeerThatNeverAnswersIsLeftAfterTheTimeout() throws {
        let first = pair.client.channel.close()
        let second = pair.client.channel.close()
        pair.client.loop.advanceTime(by: .milliseconds(1_999))
        #expect(pair.client.channel.isActive)
        pair.client.loop.advanceTime(by: .milliseconds(1))
        try first.wait()
        try second.wait()
        #expect(!pair.client.channel.isActive)
        #expect(pair.client.observer.seen.errors.isEmpty)
    }

    @Test func aPeerThatGoesOnTalkingDoesNotPreventClosing() throws {
        let closed = pair.client.channel.close()
        for _ in 0..<20 {
            pair.server.channel.writeAndFlush(ByteBuffer(repeating: 1, count: 30_000), promise: nil)
            for bytes in try pair.server.sent() { try pair.client.receive(bytes) }
            pair.client.loop.advanceTime(by: .milliseconds(100))
        }
        try closed.wait()
        #expect(pair.client.observer.received.isEmpty)
    }

    @Test func aPeerThatOnlyHangsUpWhileWeCloseIsNoError() throws {
        let closed = pair.client.channel.close()
        pair.client.disconnect()
        try closed.wait()
        #expect(pair.client.observer.seen.errors.isEmpty)
    }

    @Test func writingAfterClosingFails() throws {
        let unflushed = pair.client.channel.write(ByteBuffer(string: "te laat"))
        pair.client.channel.close(promise: nil)
        #expect(throws: TransportError.self) { try unflushed.wait() }
        #expect(throws: TransportError.self) {
            try pair.client.channel.writeAndFlush(ByteBuffer(string: "te laat")).wait()
        }
        try pair.pump()
        #expect(pair.server.observer.received.isEmpty)
    }

    @Test func halfClosedItStillReads() throws {
        let authority = try TestAuthority()
        let pair = try EmbeddedPair(
            server: authority.serverContext(), client: authority.clientContext(), allowsHalfClosure: true)
        try pair.pump()
        pair.client.channel.writeAndFlush(ByteBuffer(string: "vraag"), promise: nil)
        try pair.client.channel.close(mode: .output).wait()
        try pair.pump()
        #expect(pair.server.observer.seen.events.last == .closedByPeer)
        #expect(pair.server.channel.isActive && pair.client.channel.isActive)
        #expect(throws: TransportError.self) {
            try pair.client.channel.writeAndFlush(ByteBuffer(string: "te laat")).wait()
        }
        try pair.server.channel.writeAndFlush(ByteBuffer(string: "antwoord")).wait()
        try pair.pump()
        #expect(pair.client.observer.received == Array("antwoord".utf8))
        try pair.server.channel.close(mode: .output).wait()
        try pair.pump()
        #expect(!pair.server.channel.isActive && !pair.client.channel.isActive)
        #expect(pair.server.observer.seen.errors.isEmpty && pair.client.observer.seen.errors.isEmpty)
    }

    @Test func smallWritesOfOneFlushLeaveTogether() throws {
        for number in 0..<200 {
            pair.client.channel.write(ByteBuffer(string: "\(number),"), promise: nil)
        }
        let last = pair.client.channel.write(ByteBuffer(string: "."))
        #expect(try pair.client.sent().isEmpty)
        pair.client.channel.flush()
        try last.wait()
        let sent = try pair.client.sent()
        #expect(sent.count == 1)
        // One record: its content, a header of 5 bytes and 17 for its type and tag.
        let text = (0..<200).map { "\($0)," }.joined() + "."
        #expect(sent.first?.count == text.utf8.count + 22)
        try pair.server.receive(sent.flatMap { $0 })
        #expect(pair.server.observer.received == Array(text.utf8))
    }
}
