import Cryptography
import Foundation
import NIOCore
import NIOEmbedded
import SecureTransport

/// What a handshake costs a server: processor time of its side alone, no socket in between.
enum Handshakes {
    private static let count = 400

    /// Prints handshakes per second of processor time, full and resumed.
    static func run() throws {
        let now = Int64(Date().timeIntervalSince1970)
        let authority = try CertificateAuthority.create(
            commonName: "Benchmark", key: .generate(), now: now, validForDays: 30)
        let (serverKey, deviceKey) = (try PrivateKey.generate(), try PrivateKey.generate())
        let server = try TLSContext.server(
            certificate: authority.issueServer(
                key: serverKey.publicKey, hosts: ["localhost"], now: now, validForDays: 30),
            key: serverKey, chain: [authority.certificate], deviceAuthority: authority.certificate)
        let device = try authority.issueDevice(
            request: CertificateRequest.make(key: deviceKey, commonName: "device"), commonName: "device",
            now: now, validForDays: 30)
        // Of two caches, one is emptied by each handshake's being the first of its context.
        let resuming = try TLSContext.client(
            authority: authority.certificate, identity: (device, deviceKey))
        _ = try seconds(server, resuming, isResumed: false)
        var (full, resumed) = (0.0, 0.0)
        for _ in 0..<count {
            let fresh = try TLSContext.client(
                authority: authority.certificate, identity: (device, deviceKey))
            full += try seconds(server, fresh, isResumed: false)
            resumed += try seconds(server, resuming, isResumed: true)
        }
        print("full \(Double(count) / full)")
        print("resumed \(Double(count) / resumed)")
    }

    /// Processor time of the server, from taking the connection to its end.
    private static func seconds(
        _ server: TLSContext, _ client: TLSContext, isResumed: Bool
    ) throws -> Double {
        var time = 0.0
        func timed<Value>(_ body: () throws -> Value) rethrows -> Value {
            let start = Stopwatch.thread
            defer { time += Stopwatch.thread - start }
            return try body()
        }
        let far = try open(TLSHandler(context: client, serverHostname: "localhost"))
        var near: EmbeddedChannel? = try timed { try open(TLSHandler(context: server)) }
        var isMoving = true
        while isMoving, let channel = near {
            isMoving = false
            while let bytes = try far.readOutbound(as: ByteBuffer.self) {
                isMoving = true
                _ = try timed { try channel.writeInbound(bytes) }
            }
            while let bytes = try timed({ try channel.readOutbound(as: ByteBuffer.self) }) {
                isMoving = true
                try far.writeInbound(bytes)
            }
        }
        let handler = try far.pipeline.syncOperations.handler(type: TLSHandler.self)
        guard handler.isResumed == isResumed else { throw BenchmarkError("resumed: \(handler.isResumed)") }
        timed {
            near?.pipeline.fireChannelInactive()
            near = nil
        }
        far.pipeline.fireChannelInactive()
        return time
    }

    private static func open(_ handler: TLSHandler) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 443)).wait()
        return channel
    }
}

extension Measures {
    func handshakes() throws -> [Figure] {
        var (full, resumed) = (Samples(), Samples())
        for _ in 0..<rounds {
            let ours = try Child.part(.handshakes, [])
            let raw = try baseline("handshakes", ["400"])
            full.ours.append(try Child.value("full", in: ours))
            full.baseline.append(try Child.value("full", in: raw))
            resumed.ours.append(try Child.value("resumed", in: ours))
            resumed.baseline.append(try Child.value("resumed", in: raw))
        }
        let name = "C: libssl in memory"
        return [
            Figure(
                "full TLS handshakes, certificates on both sides", full, "1/s of server core", against: name,
                .timesBaselineAtLeast(0.7)),
            Figure(
                "resumed TLS handshakes", resumed, "1/s of server core", against: name,
                .timesBaselineAtLeast(0.7)),
        ]
    }
}
