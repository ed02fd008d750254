import Cryptography
import NIOCore
import NIOPosix
import SecureTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct HandshakeTests {
    let authority: TestAuthority

    init() throws {
        authority = try TestAuthority()
    }

    @Test func aClientWithoutCertificateIsLetIn() async throws {
        let server = try await Loopback(authority.serverContext())
        let client = try await server.connect(authority.clientContext())
        let peer = try await server.accept()
        #expect(
            try await peer.handshake.get()
                == .handshakeCompleted(
                    peerCertificate: nil, resumed: false, applicationProtocol: "http/1.1"))
        #expect(
            try await client.handshake.get()
                == .handshakeCompleted(
                    peerCertificate: authority.server, resumed: false, applicationProtocol: "http/1.1"))
        try await client.channel.close()
        let seen = try await peer.end.get()
        #expect(seen.errors.isEmpty)
        #expect(seen.events.last == .closedByPeer)
        try await server.close()
    }

    @Test func aDeviceIsKnownByItsCertificate() async throws {
        let device = try authority.device("apparaat-7")
        let server = try await Loopback(authority.serverContext())
        let client = try await server.connect(authority.clientContext(identity: device), host: "127.0.0.1")
        let event = try await server.accept().handshake.get()
        guard case .handshakeCompleted(let certificate, false, _) = event else {
            Issue.record("unexpected \(event)")
            return
        }
        #expect(certificate == device.certificate)
        #expect(certificate?.commonName == "apparaat-7")
        try await client.channel.close()
        try await server.close()
    }

    @Test func aDeviceOfAnotherAuthorityIsRefused() async throws {
        let stranger = try TestAuthority().device("vreemd")
        try await expectRefusal(of: stranger)
    }

    @Test func anExpiredDeviceIsRefused() async throws {
        // The authority must have existed then: its own certificate counts as well.
        let early = TestAuthority.now - 20 * 86_400
        try await expectRefusal(of: authority.device("oud", now: early))
    }

    @Test func aServerCertificateIsNoDevice() async throws {
        try await expectRefusal(of: (authority.server, authority.serverKey))
    }

    private func expectRefusal(of identity: (certificate: Certificate, key: PrivateKey)) async throws {
        let server = try await Loopback(authority.serverContext())
        let client = try await server.connect(authority.clientContext(identity: identity))
        // Data right behind the handshake must not make the refusal unreadable.
        client.channel.writeAndFlush(ByteBuffer(repeating: 7, count: 900_000), promise: nil)
        let peer = try await server.accept()
        let refused = try await peer.end.get()
        #expect(refused.errors == [.certificateRejected])
        #expect(refused.events.isEmpty && refused.count == 0)
        #expect(try await client.end.get().errors == [.certificateRefused])
        try await server.close()
    }

    @Test(arguments: ["example.org", "127.0.0.2", "::1"])
    func aServerOfAnotherHostIsRefused(host: String) async throws {
        let server = try await Loopback(authority.serverContext())
        let client = try await server.connect(authority.clientContext(), host: host)
        await #expect(throws: TransportError.self) { try await client.handshake.get() }
        #expect(try await client.end.get().errors == [.hostMismatch])
        #expect(try await server.accept().end.get().events.isEmpty)
        try await server.close()
    }

    @Test(arguments: ["", "a\u{0}b", String(repeating: "a", count: 254)])
    func aClientWithoutAHostGetsNowhere(host: String) async throws {
        let server = try await Loopback(authority.serverContext())
        let client = try await server.connect(authority.clientContext(), host: host)
        #expect(try await client.end.get().errors == [.configuration])
        try await server.close()
    }

    // P-016
    @Test func aServerOfAnotherAuthorityIsRefused() async throws {
        let server = try await Loopback(TestAuthority().serverContext())
        let client = try await server.connect(authority.clientContext())
        #expect(try await client.end.get().errors == [.certificateRejected])
        #expect(try await server.accept().end.get().errors == [.certificateRefused])
        try await server.close()
    }

    @Test func aKeyOfAnotherCertificateIsRefused() throws {
        #expect(throws: TransportError.self) {
            try TLSContext.server(
                certificate: authority.server, key: .generate(),
                deviceAuthority: authority.authority.certificate)
        }
    }

    @Test func aSecondConnectionContinuesTheSession() async throws {
        let device = try authority.device("apparaat-7")
        let sessions = ClientSessionCache()
        let server = try await Loopback(authority.serverContext(), reply: .echo)
        let context = try authority.clientContext(identity: device, sessions: sessions)
        for isSecond in [false, true] {
            let client = try await server.connect(context)
            let event = TLSEvent.handshakeCompleted(
                peerCertificate: device.certificate, resumed: isSecond, applicationProtocol: "http/1.1")
            let peer = try await server.accept()
            #expect(try await peer.handshake.get() == event)
            #expect(
                try await client.handshake.get()
                    == .handshakeCompleted(
                        peerCertificate: authority.server, resumed: isSecond,
                        applicationProtocol: "http/1.1"))
            // The ticket comes behind the handshake; the goodbye of the server comes after it.
            try await client.channel.close()
            _ = try await peer.end.get()
            #expect(sessions.count == 1)
        }
        // Without the identity it is another client, which must not inherit the session.
        let stranger = try await server.connect(authority.clientContext(sessions: sessions))
        #expect(
            try await server.accept().handshake.get()
                == .handshakeCompleted(
                    peerCertificate: nil, resumed: false, applicationProtocol: "http/1.1"))
        try await stranger.channel.close()
        try await server.close()
    }
}
