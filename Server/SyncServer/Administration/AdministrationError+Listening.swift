import Glibc
import NIOCore

extension AdministrationError {
    /// Runs what listens on an address, and says in words for an administrator why it cannot.
    static func translatingListening(
        on address: NetworkAddress, _ body: () async throws -> Void
    ) async throws {
        do {
            try await body()
        } catch let error as IOError {
            let failure: AdministrationFailure =
                switch error.errnoCode {
                case EADDRINUSE: .portTaken
                case EACCES: .portForbidden
                default: .listening
                }
            throw AdministrationError(failure, "\(address)", place: address.description)
        } catch is SocketAddressError {
            throw AdministrationError(.listening, "\(address)", place: address.description)
        }
    }
}
