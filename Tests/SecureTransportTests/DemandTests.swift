import NIOCore
import NIOPosix
import SecureTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct DemandTests {
    /// With automatic reading off, each `read()` gives one piece of at most the limit.
    @Test func nothingIsReadUnasked() async throws {
        let authority = try TestAuthority()
        let server = try await Loopback(authority.serverContext())
        var limits = TLSLimits()
        limits.plaintextPerRead = 10_000
        let client = try await server.connect(
            authority.clientContext(), limits: limits, readsAutomatically: false)
        let peer = try await server.accept()
        _ = try await client.handshake.get()
        let total = 1_000_000
        peer.channel.writeAndFlush(ByteBuffer(repeating: 5, count: total), promise: nil)

        var count = 0
        var reads = 0
        while count < total {
            let next = client.channel.eventLoop.makePromise(of: Int.self)
            let channel = client.channel
            try await channel.eventLoop.submit {
                try channel.pipeline.syncOperations.handler(type: Observer.self).nextRead = next
                channel.read()
            }.get()
            #expect(try await next.futureResult.get() == reads + 1)
            reads += 1
            // Whatever would come unasked has had the chance of three turns of the loop.
            for _ in 0..<3 { try await channel.eventLoop.submit {}.get() }
            let seen = try await channel.eventLoop.submit {
                let observer = try channel.pipeline.syncOperations.handler(type: Observer.self)
                return (observer.seen.reads, observer.received.count)
            }.get()
            #expect(seen.0 == reads)
            #expect(seen.1 - count <= limits.plaintextPerRead)
            count = seen.1
        }
        #expect(reads >= total / limits.plaintextPerRead)
        try await client.channel.close()
        try await server.close()
    }

    /// A peer that does not read makes the channel unwritable, and becomes writable again later.
    @Test func writabilityIsThatOfTheChannel() async throws {
        let authority = try TestAuthority()
        let server = try await Loopback(authority.serverContext())
        let client = try await server.connect(authority.clientContext(), readsAutomatically: false)
        let peer = try await server.accept()
        _ = try await peer.handshake.get()
        var writes = 0
        while peer.channel.isWritable, writes < 10_000 {
            // Not flushed, and yet they count.
            peer.channel.write(ByteBuffer(repeating: 5, count: 16_384), promise: nil)
            try await peer.channel.eventLoop.submit {}.get()
            writes += 1
        }
        #expect(writes < 10_000)
        let last = peer.channel.eventLoop.makePromise(of: Void.self)
        peer.channel.writeAndFlush(ByteBuffer(repeating: 6, count: 1), promise: last)
        try await client.channel.setOption(.autoRead, value: true).get()
        try await last.futureResult.get()
        #expect(peer.channel.isWritable)
        try await peer.channel.close()
        #expect(try await client.end.get().count == writes * 16_384 + 1)
        try await server.close()
    }
}
