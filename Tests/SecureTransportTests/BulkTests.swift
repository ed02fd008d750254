import Cryptography
import NIOCore
import NIOPosix
import SecureTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct BulkTests {
    @Test func tenMegabytesComeBackIntact() async throws {
        let authority = try TestAuthority()
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        let bytes = (0..<10 * 1024 * 1024 / 8).flatMap { _ in
            withUnsafeBytes(of: random.next()) { Array($0) }
        }
        let server = try await Loopback(authority.serverContext(), reply: .echo)
        let client = try await server.connect(authority.clientContext(identity: authority.device("een")))
        _ = try await client.handshake.get()
        var rest = bytes[...]
        while !rest.isEmpty {
            // Mostly small, sometimes larger than a record, sometimes empty; flushed at times.
            let limit = [0, 100, 5000, 16_384, 70_000, 600_000].randomElement(using: &random) ?? 1
            let piece = rest.prefix(Int.random(in: 0...limit, using: &random))
            rest = rest.dropFirst(piece.count)
            if Bool.random(using: &random) {
                client.channel.write(ByteBuffer(bytes: piece), promise: nil)
            } else {
                client.channel.writeAndFlush(ByteBuffer(bytes: piece), promise: nil)
            }
        }
        try await client.channel.writeAndFlush(ByteBuffer()).get()
        // A goodbye in one direction; the echo answers with the rest, and with its own.
        try await client.channel.close(mode: .output).get()
        let seen = try await client.end.get()
        #expect(seen.errors.isEmpty, "seed \(seed)")
        #expect(seen.count == bytes.count && seen.digest == SHA256.hash(bytes), "seed \(seed)")
        #expect(try await server.accept().end.get().digest == SHA256.hash(bytes), "seed \(seed)")
        try await server.close()
    }
}
