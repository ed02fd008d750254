import Cryptography
import NIOCore
import SecureTransport
import Testing

/// Programs that others wrote, as peers.
@Suite(.timeLimit(.minutes(1))) struct PeerTests {
    static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndag\n"

    let authority: TestAuthority
    let folder: TemporaryFolder
    let root: String

    init() throws {
        authority = try TestAuthority()
        folder = try TemporaryFolder()
        root = try folder.write("root.pem", authority.authority.certificate.pem)
    }

    @Test func curlGetsAPage() async throws {
        let device = try authority.device("krul")
        let server = try await Loopback(authority.serverContext(), reply: .text(Self.answer))
        let identity = try [
            "--cert", folder.write("device.pem", device.certificate.pem),
            "--key", folder.write("device.key", device.key.pem),
        ]
        for (extra, certificate) in [([], nil), (identity, device.certificate)] {
            let curl = try await Command(
                [
                    "curl", "-sS", "--max-time", "20", "--cacert", root, "https://localhost:\(server.port)/",
                    "--resolve", "localhost:\(server.port):127.0.0.1",
                ] + extra)
            #expect(curl.output == "dag\n", "\(curl.errors)")
            let peer = try await server.accept()
            #expect(
                try await peer.handshake.get()
                    == .handshakeCompleted(
                        peerCertificate: certificate, resumed: false, applicationProtocol: "http/1.1"))
            #expect(try await peer.end.get().errors.isEmpty)
        }
        try await server.close()
    }

    @Test func curlDoesNotTrustItWithoutTheAuthority() async throws {
        let server = try await Loopback(authority.serverContext(), reply: .text(Self.answer))
        let curl = try await Command(
            ["curl", "-sS", "--max-time", "20", "https://127.0.0.1:\(server.port)/"])
        #expect(curl.status == 60)
        #expect(try await server.accept().end.get().errors == [.certificateRefused])
        try await server.close()
    }

    @Test func aPeerOfAnEarlierVersionIsRefused() async throws {
        let server = try await Loopback(authority.serverContext())
        let client = try await Command([
            "openssl", "s_client", "-tls1_2", "-CAfile", root, "-connect", "127.0.0.1:\(server.port)",
        ])
        #expect(client.status != 0)
        #expect(client.errors.contains("alert protocol version"))
        #expect(try await server.accept().end.get().errors == [.handshakeFailed])
        try await server.close()
    }

    @Test func aPeerWithoutOurProtocolIsRefused() async throws {
        let server = try await Loopback(authority.serverContext())
        let client = try await Command([
            "openssl", "s_client", "-alpn", "smtp", "-CAfile", root, "-connect", "127.0.0.1:\(server.port)",
        ])
        #expect(client.errors.contains("no application protocol"))
        #expect(try await server.accept().end.get().errors == [.handshakeFailed])
        try await server.close()
    }

    /// `K` makes s_client renew its keys and ask for renewal of ours, `Q` makes it say goodbye.
    @Test func keysAreRenewedOnTheWay() async throws {
        let server = try await Loopback(authority.serverContext(), reply: .echo)
        let output = try await Command.converse(
            [
                "openssl", "s_client", "-tls1_3", "-CAfile", root, "-verify_return_error",
                "-connect", "127.0.0.1:\(server.port)",
            ],
            [
                ("een\n", "een\n"), ("K\n", "KEYUPDATE\n"), ("twee\n", "twee\n"), ("K\n", "KEYUPDATE\n"),
                ("drie\n", "drie\n"), ("Q\n", ""),
            ])
        #expect(output.contains("Verify return code: 0 (ok)"))
        let seen = try await server.accept().end.get()
        #expect(seen.errors.isEmpty)
        #expect(seen.count == "een\ntwee\ndrie\n".utf8.count)
        try await server.close()
    }

    @Test func aServerOfOpensslIsUnderstood() async throws {
        let device = try authority.device("apparaat-9")
        let server = try await OpenSSLServer(authority: authority, folder: folder)
        let client = try await Loopback.connect(
            authority.clientContext(identity: device), port: server.port)
        guard case .handshakeCompleted(authority.server, false, nil) = try await client.handshake.get() else {
            Issue.record("unexpected handshake")
            return
        }
        try await client.channel.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.0\r\n\r\n"))
        let seen = try await client.end.get()
        #expect(seen.errors.isEmpty && seen.count > 100)
        server.stop()
    }
}
