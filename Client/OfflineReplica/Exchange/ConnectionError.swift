public import ChangeLog

/// Why an exchange with the server did not come about or ended early.
///
/// Whatever the code, nothing is lost: every edit stays queued and the next exchange goes on.
public struct ConnectionError: CodedError, Sendable {
    /// What went wrong, for programs.
    public enum Code: String, Sendable, CaseIterable {
        /// Nobody answers at the address.
        case unreachable = "server.unreachable"
        /// The network does not know the server's name.
        case unresolved = "server.unresolved"
        /// The proxy that the environment names does not answer or does not let us through.
        case proxyRefused = "proxy.refused"
        /// What the environment names as a proxy cannot be used as one.
        case proxyMalformed = "proxy.malformed"
        /// Behind the proxy answers somebody else than the server: the proxy opens TLS.
        case proxyOpensTLS = "proxy.opensTLS"
        /// Somebody answers who is not the server of this association.
        case untrusted = "server.untrusted"
        /// The server does not know this device, or it was revoked.
        case rejected = "server.rejected"
        /// The server does not accept this device's certificate: it has expired, or the server's clock is wrong.
        case certificateRefused = "certificate.refused"
        /// The connection was cut, or nothing came for too long.
        case interrupted = "server.interrupted"
        /// The server has had enough of this device for now, and said when to come back.
        case throttled = "server.throttled"
        /// An answer that is no answer of this protocol.
        case unexpected = "server.unexpected"
        /// Another process of this replica is synchronising.
        case busy = "sync.busy"
        /// Edits wait although the server is there.
        case stalled = "sync.stalled"
    }

    public let code: Code
    public let message: String
    /// The address or the folder that it is about; empty where the message says it all.
    public let place: String
    public let remedy: String
    /// The server's own words, where it gave a reason.
    public let reason: Reason?
    /// How long the server asks to be left alone; nil where it does not.
    public var retryAfterMilliseconds: Int64?

    public init(_ code: Code, _ message: String, at place: String = "", reason: Reason? = nil) {
        self.code = code
        self.message = message
        self.place = place
        self.reason = reason
        remedy = reason?.remedy ?? Self.remedy(for: code)
    }

    /// What a server said within an answer that had begun. There it speaks of a limit only where more than
    /// 30 seconds are missing, and cannot say how many.
    init(refusal reason: Reason) {
        let isLimit = reason.code.hasPrefix("limit.")
        self.init(isLimit ? .throttled : .rejected, reason.message, reason: reason)
        if isLimit { retryAfterMilliseconds = 30_000 }
    }

    private static func remedy(for code: Code) -> String {
        switch code {
        case .unreachable: "Check the network and try again; nothing is lost meanwhile."
        case .unresolved: "Check the network and the address; nothing is lost meanwhile."
        case .proxyRefused: "Check HTTPS_PROXY, or name the server in NO_PROXY; nothing is lost meanwhile."
        case .proxyMalformed: "Give HTTPS_PROXY as http://host:port, or unset it."
        case .proxyOpensTLS:
            "Ask the administrator of the network to let this address pass unopened; nothing is lost meanwhile."
        case .untrusted: "Check the address with the secretariat; a proxy that opens TLS cannot be used."
        case .rejected: "Ask the secretariat for a new invitation."
        case .certificateRefused:
            "Check the clock of this device; if it is right, ask the secretariat for an invitation and enrol again "
                + "in the same folder: all that is in it stays."
        case .interrupted: "Synchronise again; it goes on where it stopped."
        case .throttled:
            "Wait as long as the server says; all stays queued, and with --watch it goes on by itself."
        case .unexpected: "Check that the address is that of the sync server."
        case .busy: "Wait until the other one is done."
        case .stalled:
            "Nothing is lost. If this stays, start the program anew, and report it with this message."
        }
    }
}
