import COpenSSL
import Cryptography
import NIOCore

/// One TLS connection as a machine: bytes in, bytes out, no socket and no clock.
///
/// Confined to one event loop. Every call to libssl first clears the error queue of the thread,
/// and takes what a failure leaves there before returning.
final class TLSConnection {
    private let context: TLSContext
    private let wire: Wire
    private let ssl: OpaquePointer
    private let sessionKey: String?

    /// A connection that has not said anything yet.
    ///
    /// - Throws: `.configuration` for a client whose `host` is not a name or address.
    init(
        context: TLSContext, host: String?, port: Int?, allocator: ByteBufferAllocator
    ) throws(TransportError) {
        ErrorQueue.clear()
        let wire = Wire(allocator: allocator)
        guard let ssl = SSL_new(context.handle.pointer) else { throw .configuration("start a connection") }
        guard let bio = wire.makeBIO() else {
            SSL_free(ssl)
            throw .configuration("start a connection")
        }
        SSL_set_bio(ssl, bio, bio)
        self.context = context
        self.wire = wire
        self.ssl = ssl
        if context.isServer {
            sessionKey = nil
            SSL_set_accept_state(ssl)
        } else {
            sessionKey = "\(host ?? ""):\(port ?? 0) \(context.sessionScope)"
            SSL_set_connect_state(ssl)
            try expect(host)
            continueSession()
        }
    }

    deinit {
        SSL_free(ssl)
    }

    /// Takes ciphertext from the peer.
    func receive(_ buffer: ByteBuffer) {
        wire.receive(buffer)
    }

    /// Ciphertext for the peer, or `nil`; to be asked after every other call, failed or not.
    func takeOutbound() -> ByteBuffer? {
        wire.takeOutbound()
    }

    /// How much ciphertext waits for ``takeOutbound()``, in bytes.
    var outboundCount: Int { wire.outboundCount }

    /// Whether ciphertext waits for ``read(upTo:allocator:)``.
    var hasInbound: Bool { wire.inbound.readableBytes > 0 || SSL_has_pending(ssl) == 1 }

    /// Goes on with the handshake; returns whether it is complete.
    func handshake() throws(TransportError) -> Bool {
        ErrorQueue.clear()
        let status = SSL_do_handshake(ssl)
        if status == 1 { return true }
        if SSL_get_error(ssl, status) == SSL_ERROR_WANT_READ { return false }
        forgetSession()
        throw .failure(of: ssl, duringHandshake: true)
    }

    /// Plaintext, and why there is no more of it.
    struct Plaintext {
        var bytes: ByteBuffer
        let end: End

        enum End {
            /// There may be more: the limit was reached.
            case limited
            /// More ciphertext is needed.
            case starved
            /// The peer said goodbye.
            case closed
            case failed(TransportError)
        }
    }

    /// Decrypts at most `limit` bytes.
    func read(upTo limit: Int, allocator: ByteBufferAllocator) -> Plaintext {
        let expected = wire.inbound.readableBytes + Int(SSL_pending(ssl))
        var bytes = allocator.buffer(capacity: min(limit, expected))
        while bytes.readableBytes < limit {
            let room = min(limit - bytes.readableBytes, Self.recordSize)
            var status: Int32 = 0
            ErrorQueue.clear()
            bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { target in
                var count = 0
                status = SSL_read_ex(ssl, target.baseAddress, min(room, target.count), &count)
                return status == 1 ? count : 0
            }
            guard status != 1 else { continue }
            switch SSL_get_error(ssl, status) {
            case SSL_ERROR_WANT_READ: return Plaintext(bytes: bytes, end: .starved)
            case SSL_ERROR_ZERO_RETURN: return Plaintext(bytes: bytes, end: .closed)
            default:
                let error = TransportError.failure(of: ssl, duringHandshake: false)
                return Plaintext(bytes: bytes, end: .failed(error))
            }
        }
        return Plaintext(bytes: bytes, end: .limited)
    }

    /// Encrypts all of `buffer`.
    func write(_ buffer: ByteBuffer) throws(TransportError) {
        guard buffer.readableBytes > 0 else { return }
        ErrorQueue.clear()
        // A record adds at most 22 bytes (RFC 8446, section 5.2).
        let records = buffer.readableBytes / Self.recordSize + 1
        wire.reserve(buffer.readableBytes + 22 * records)
        let written = buffer.withUnsafeReadableBytes { source in
            var count = 0
            let status = SSL_write_ex(ssl, source.baseAddress, source.count, &count)
            return status == 1 && count == source.count
        }
        // The wire takes everything, so a write that is not complete can only have failed.
        guard written else { throw .failure(of: ssl, duringHandshake: false) }
    }

    /// Says goodbye, once.
    func shutdown() {
        ErrorQueue.clear()
        // 0: said, and not answered yet; 1: both have; less after a failure, when there is nothing
        // left to say.
        if SSL_shutdown(ssl) < 0 { ErrorQueue.clear() }
    }

    /// The verified certificate of the peer, if it has one.
    ///
    /// - Throws: `.certificateRejected` when it is not for a P-256 key.
    func peerCertificate() throws(TransportError) -> Certificate? {
        guard let pointer = SSL_get1_peer_certificate(ssl) else { return nil }
        defer { X509_free(pointer) }
        do {
            return try Certificate(sharing: pointer)
        } catch {
            throw TransportError(
                .certificateRejected, "The certificate of the peer is not for a P-256 key",
                remedy: "Use a certificate that was made by Voordracht", cause: [error.message])
        }
    }

    /// Whether an earlier session was continued.
    var isResumed: Bool { SSL_session_reused(ssl) == 1 }

    /// The application protocol that was agreed on.
    var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &length)
        guard length > 0 else { return nil }
        return String(validating: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    /// The most plaintext in one record (RFC 8446, section 5.1).
    static let recordSize = 16 * 1024
}

// What only a client does.
extension TLSConnection {
    /// Demands that the certificate is for `host`, and tells the server which host is meant.
    private func expect(_ host: String?) throws(TransportError) {
        guard let host, (1...253).contains(host.utf8.count), !host.utf8.contains(0) else {
            throw TransportError(
                .configuration, "A client needs the host name or address of its server",
                remedy: "Give the address of the server as https://name or https://address")
        }
        // Common names do not count, only the names that are meant for it (RFC 6125).
        let flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT
        SSL_set_hostflags(ssl, UInt32(flags))
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1 { return }
        guard SSL_set1_host(ssl, host) == 1, openssl_set_server_name(ssl, host) == 1 else {
            throw .configuration("expect the host")
        }
    }

    private func continueSession() {
        guard let sessionKey, let bytes = context.sessions?.session(for: sessionKey) else {
            return listenForSession()
        }
        bytes.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            let session = d2i_SSL_SESSION(nil, &position, buffer.count)
            // Without a session that can be used there is a full handshake, as the first time.
            if SSL_set_session(ssl, session) != 1 { ErrorQueue.clear() }
            SSL_SESSION_free(session)
        }
        listenForSession()
    }

    private func listenForSession() {
        // Slot 0 is the one that libssl leaves to applications. Unretained: the connection frees
        // `ssl`, so it outlives it.
        SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
    }

    /// A session that made a handshake fail must not make the next one fail.
    private func forgetSession() {
        guard let sessionKey else { return }
        context.sessions?.remove(sessionKey)
    }

    /// Called by libssl for each ticket that the server sends; 0 says that we keep no reference.
    static let receiveSession: @convention(c) (OpaquePointer?, OpaquePointer?) -> Int32 = { ssl, session in
        guard let slot = SSL_get_ex_data(ssl, 0) else { return 0 }
        let connection = Unmanaged<TLSConnection>.fromOpaque(slot).takeUnretainedValue()
        let length = Int(i2d_SSL_SESSION(session, nil))
        guard length > 0, let key = connection.sessionKey else { return 0 }
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            var position = buffer.baseAddress
            count = Int(i2d_SSL_SESSION(session, &position))
        }
        connection.context.sessions?.store(bytes, for: key)
        return 0
    }
}
