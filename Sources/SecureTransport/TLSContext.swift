import COpenSSL
public import Cryptography

/// What all connections of one server, or of one client, have in common: certificates and trust.
///
/// TLS 1.3 (RFC 8446) by the system's libssl, and nothing older. Making one costs about a
/// millisecond, so make it once.
public struct TLSContext: Sendable {
    let handle: ContextHandle
    let isServer: Bool
    /// Where a client keeps its sessions.
    let sessions: ClientSessionCache?
    /// Tells apart the sessions of different authorities and identities.
    let sessionScope: String

    /// How long a session can be continued, in seconds; also how long a certificate that has
    /// expired meanwhile still counts.
    static let sessionLifetime = 2 * 3600

    /// A server, which asks its clients for a certificate.
    ///
    /// A client without one is let in, with a `peerCertificate` of `nil`: that is how a new device
    /// asks for its certificate. A client with one that `deviceAuthority` did not issue, that has
    /// expired or is not for clients, is refused.
    ///
    /// - Parameters:
    ///   - certificate: issued for the hosts under which the server is reached.
    ///   - chain: authorities between `certificate` and the one that clients trust, in that order.
    ///   - protocols: application protocols, the preferred one first; empty for none.
    /// - Throws: `.configuration`, as when the key does not belong to the certificate.
    public static func server(
        certificate: Certificate, key: PrivateKey, chain: [Certificate] = [],
        deviceAuthority: Certificate, protocols: [String] = ["http/1.1"]
    ) throws(TransportError) -> TLSContext {
        let handle = try ContextHandle(TLS_server_method(), protocols: protocols)
        try handle.use(certificate, key, chain: chain)
        try handle.trust(deviceAuthority)
        handle.chooseProtocol()
        let context = handle.pointer
        // Tickets hold the whole session, client certificate included, encrypted with a key that
        // this context makes for itself; the server remembers nothing. A ticket counts only for
        // the authority that it was given under.
        openssl_context_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
        SSL_CTX_set_timeout(context, sessionLifetime)
        let scope = deviceAuthority.fingerprint.bytes
        guard deviceAuthority.withPointer({ SSL_CTX_add_client_CA(context, $0) }) == 1,
            SSL_CTX_set_session_id_context(context, scope, UInt32(scope.count)) == 1,
            SSL_CTX_set_num_tickets(context, 1) == 1
        else { throw .configuration("prepare a server") }
        return TLSContext(handle: handle, isServer: true, sessions: nil, sessionScope: "")
    }

    /// A client, which trusts servers of one authority only.
    ///
    /// It asks for no dates, since the clock of a device may be years off: trust rests on the authority,
    /// which certifies its own server alone. About the certificates of devices the server's clock decides.
    ///
    /// - Parameters:
    ///   - authority: the only one that is trusted; the system's own list is not consulted.
    ///   - identity: what the client shows to a server that asks; `nil` before enrolment.
    ///   - sessions: where sessions are kept for reconnecting; contexts may share one.
    ///   - protocols: application protocols to offer, the preferred one first; empty for none.
    /// - Throws: `.configuration`, as when the key does not belong to the certificate.
    public static func client(
        authority: Certificate, identity: (certificate: Certificate, key: PrivateKey)?,
        sessions: ClientSessionCache = ClientSessionCache(), protocols: [String] = ["http/1.1"]
    ) throws(TransportError) -> TLSContext {
        let handle = try ContextHandle(TLS_client_method(), protocols: protocols)
        try handle.trust(authority)
        handle.disregardTime()
        if let identity { try handle.use(identity.certificate, identity.key, chain: []) }
        try handle.offerProtocols()
        openssl_context_set_session_cache_mode(
            handle.pointer, Int(SSL_SESS_CACHE_CLIENT) | Int(SSL_SESS_CACHE_NO_INTERNAL))
        SSL_CTX_sess_set_new_cb(handle.pointer, TLSConnection.receiveSession)
        let shown = identity?.certificate.fingerprint.hex ?? "nobody"
        return TLSContext(
            handle: handle, isServer: false, sessions: sessions,
            sessionScope: "\(authority.fingerprint.hex) \(shown)")
    }
}
