public import Cryptography

/// What a ``TLSHandler`` tells the handlers behind it, as inbound user events.
public enum TLSEvent: Hashable, Sendable {
    /// The handshake is over and the connection can be used.
    ///
    /// - Parameters:
    ///   - peerCertificate: verified; `nil` on a server whose client has none.
    ///   - resumed: whether an earlier session was continued; the certificate is then that of the
    ///     earlier one.
    ///   - applicationProtocol: what was agreed on (ALPN, RFC 7301), such as `http/1.1`.
    ///
    /// A client has finished before the server has judged its certificate (RFC 8446, section
    /// 4.6.2): a refusal arrives after this event, as an error.
    case handshakeCompleted(peerCertificate: Certificate?, resumed: Bool, applicationProtocol: String?)
    /// The peer said goodbye and will send nothing more.
    case closedByPeer
}
