import Glibc
import NIOCore
import NIOPosix
import SecureTransport

extension Connector {
    /// Why nobody could be reached: the name says nothing to this network, or nobody answers there.
    static func unconnected(_ error: any Error, _ address: ServerAddress) -> ConnectionError {
        let attempts = error as? NIOConnectionError
        let isUnresolved = attempts.map { $0.connectionErrors.isEmpty } ?? (error is SocketAddressError)
        guard !isUnresolved else {
            return ConnectionError(
                .unresolved, "This network does not know the name \(address.host)", at: address.description)
        }
        return ConnectionError(
            .unreachable, "Nobody answers at \(address) (\(cause(of: error)))", at: address.description)
    }

    /// The system's own words for why nobody answered, such as "Connection refused".
    static func cause(of error: any Error) -> String {
        guard let attempts = error as? NIOConnectionError else { return words(error) }
        return attempts.connectionErrors.first.map { words($0.error) } ?? "its name is not known"
    }

    private static func words(_ error: any Error) -> String {
        guard let failure = error as? IOError else { return "\(error)" }
        return String(cString: strerror(failure.errnoCode))
    }

    func connectionError(_ error: TransportError) -> ConnectionError {
        let place = address.description
        switch error.code {
        case .certificateRejected, .hostMismatch:
            // An authority of its own in front of a server that is known: TLS was opened on the way.
            if let proxy {
                return ConnectionError(
                    .proxyOpensTLS,
                    "Behind the proxy \(proxy) another certificate answers than that of \(address): "
                        + "it probably opens TLS, and a device cannot show its own certificate then",
                    at: place)
            }
            return ConnectionError(
                .untrusted, "\(address) does not show a certificate of this association: \(error.message)",
                at: place)
        case .certificateRefused:
            return ConnectionError(
                .certificateRefused, "\(address) does not accept the certificate of this device any more",
                at: place)
        case .handshakeFailed, .configuration:
            return ConnectionError(
                .untrusted, "No secure connection with \(address): \(error.message)", at: place)
        default:
            return ConnectionError(
                .interrupted, "The connection to \(address) ended: \(error.message)", at: place)
        }
    }
}
