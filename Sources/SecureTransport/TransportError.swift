/// A failure of a TLS connection, or of what it was configured with.
///
/// Two errors are equal when their codes are: the texts are for people, and may change.
public struct TransportError: Error, Hashable, Sendable {
    /// What went wrong, for programs.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// A certificate, key or name that no connection can be made with.
        case configuration
        /// The two sides could not agree: no TLS 1.3, no TLS at all, or gone halfway.
        case handshakeFailed
        /// This side does not accept the certificate of the other.
        case certificateRejected
        /// The other side does not accept the certificate of this one.
        case certificateRefused
        /// The certificate is good, but for another host.
        case hostMismatch
        /// Bytes after the handshake that are not what the peer should have sent.
        case protocolViolation
        /// The connection ended without a goodbye, so the last message may be incomplete.
        case truncated
        /// The peer sent more than a handshake needs.
        case tooManyBytesBeforeHandshake
        /// More was written before the handshake than is kept.
        case tooManyBytesQueued
        /// The handshake took too long.
        case handshakeTimeout
        /// A write on a connection that is closed, or being closed.
        case closed
    }

    public let code: Code
    /// What failed, in one English sentence.
    public let message: String
    /// What the reader can do about it, in one English sentence.
    public let remedy: String
    /// The account of libssl, oldest first; empty when it was not involved.
    public let cause: [String]

    init(_ code: Code, _ message: String, remedy: String, cause: [String] = []) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.cause = cause
    }

    public static func == (one: Self, other: Self) -> Bool {
        one.code == other.code
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }
}

extension TransportError: CustomStringConvertible {
    public var description: String {
        let reasons = cause.isEmpty ? "" : " (\(cause.joined(separator: "; ")))"
        return "\(message)\(reasons). \(remedy)."
    }
}

extension TransportError {
    static let closed = Self(
        .closed, "The connection is closed", remedy: "Connect again")
    static let truncated = Self(
        .truncated, "The connection broke off without a goodbye",
        remedy: "Connect again, and do not trust the last message to be whole")
    static let goneDuringHandshake = Self(
        .handshakeFailed, "The peer closed the connection during the handshake",
        remedy: "Check that the address is that of a Voordracht server, and look in its log")
    static let handshakeTimeout = Self(
        .handshakeTimeout, "The peer did not complete the handshake in time",
        remedy: "Check the network, and that nothing between the two stops TLS")
    static let tooManyBytesQueued = Self(
        .tooManyBytesQueued, "Too much was written before the handshake",
        remedy: "Wait for the handshake before writing more")
    static let tooManyBytesBeforeHandshake = Self(
        .tooManyBytesBeforeHandshake, "The peer sent more than a handshake needs",
        remedy: "Check that the peer is a client of Voordracht")
}
