public import ChangeLog
import Cryptography
import SecureTransport
import SyncProtocol

extension Reason {
    /// What went wrong in this module or below it, as a reason with a stable code; nil for an error that
    /// none of them declares.
    public init?(failure: any Error) {
        switch failure {
        case let reason as Reason: self = reason
        case let error as ReplicaError: self.init(error)
        case let error as ConnectionError: self.init(error)
        case let error as ReceiptError:
            self.init(code: error.code.rawValue, message: error.message, remedy: error.remedy)
        case let error as BundleError:
            self.init(code: error.code.rawValue, message: error.message, remedy: error.remedy)
        case let error as ProtocolError:
            self.init(code: error.code.rawValue, message: error.message, remedy: error.remedy)
        case let error as TransportError:
            self.init(
                code: "transport.\(error.code.rawValue)", message: error.message, remedy: error.remedy)
        case let error as CryptographyError:
            self.init(
                code: "cryptography.\(error.code.rawValue)", message: error.message, remedy: error.remedy)
        default: return nil
        }
    }

    public init(_ error: ReplicaError) {
        self.init(code: error.code.rawValue, message: error.message, remedy: error.remedy)
    }

    /// The server's own reason where it gave one.
    public init(_ error: ConnectionError) {
        self =
            error.reason
            ?? Reason(code: error.code.rawValue, message: error.message, remedy: error.remedy)
    }
}
