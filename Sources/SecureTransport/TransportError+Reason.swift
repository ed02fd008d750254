import COpenSSL
import Cryptography

extension TransportError {
    /// What a failed call on `ssl` means; takes the reasons out of the error queue.
    static func failure(of ssl: OpaquePointer, duringHandshake: Bool) -> TransportError {
        let reason = ERR_GET_REASON(ERR_peek_error())
        let verdict = Int32(SSL_get_verify_result(ssl))
        let cause = ErrorQueue.drain()
        if reason == SSL_R_CERTIFICATE_VERIFY_FAILED {
            return rejected(verdict: verdict, cause: cause)
        }
        if let meaning = meaning(of: reason) {
            return TransportError(meaning.code, meaning.message, remedy: meaning.remedy, cause: cause)
        }
        guard duringHandshake else {
            return TransportError(
                .protocolViolation, "The peer broke the TLS protocol",
                remedy: "Connect again; if it keeps happening, something between the two alters the bytes",
                cause: cause)
        }
        return TransportError(
            .handshakeFailed, "The two sides could not agree on a TLS connection",
            remedy: "Check that both are current versions of Voordracht", cause: cause)
    }

    /// We do not accept the certificate of the peer.
    private static func rejected(verdict: Int32, cause: [String]) -> TransportError {
        let detail = X509_verify_cert_error_string(Int(verdict)).map { String(cString: $0) }
        let cause = cause + [detail].compactMap { $0 }
        switch verdict {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            return TransportError(
                .hostMismatch, "The certificate of the server is for another host",
                remedy: "Use the address that the server's certificate was made for", cause: cause)
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID:
            return TransportError(
                .certificateRejected, "The certificate of the peer is not valid at this time",
                remedy: "Check the clocks of both, or renew the certificate", cause: cause)
        default:
            return TransportError(
                .certificateRejected, "The certificate of the peer is not from the trusted authority",
                remedy: "Check the address, and enrol again if the server was set up anew", cause: cause)
        }
    }

    private static func meaning(of reason: Int32) -> (code: Code, message: String, remedy: String)? {
        switch reason {
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA, SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
            SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,
            SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,
            SSL_R_TLSV1_ALERT_ACCESS_DENIED, SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
            (
                .certificateRefused, "The peer does not accept our certificate",
                "Check the clock of this device; if it is right, enrol the device again"
            )
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
            (
                .handshakeFailed, "The peer does not speak TLS 1.3",
                "Update the software on the other side"
            )
        case SSL_R_HTTP_REQUEST:
            (
                .handshakeFailed, "The peer speaks HTTP without TLS",
                "Use an address that begins with https://"
            )
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_UNEXPECTED_MESSAGE,
            SSL_R_BAD_RECORD_TYPE, SSL_R_HTTPS_PROXY_REQUEST:
            (
                .handshakeFailed, "The peer does not speak TLS",
                "Check the address and the port"
            )
        case SSL_R_NO_APPLICATION_PROTOCOL, SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
            (
                .handshakeFailed, "The two sides have no application protocol in common",
                "Speak HTTP/1.1"
            )
        default: nil
        }
    }
}
