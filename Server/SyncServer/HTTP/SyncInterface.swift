import Cryptography
import Glibc
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import SecureTransport
public import ServiceLifecycle

/// The HTTP interface of a server, over TLS 1.3 with the certificates of devices.
public struct SyncInterface: Service {
    private let workspace: Workspace
    private let address: NetworkAddress
    private let limits: HTTPLimits
    private let onListening: @Sendable (NetworkAddress) async -> Void

    /// - Parameters:
    ///   - address: where to listen; port 0 takes a free one, which links made from then on carry.
    ///   - onListening: called once with the address that is listened on, when devices can connect.
    public init(
        workspace: Workspace, address: NetworkAddress, limits: HTTPLimits = HTTPLimits(),
        onListening: @escaping @Sendable (NetworkAddress) async -> Void
    ) {
        self.workspace = workspace
        self.address = address
        self.limits = limits
        self.onListening = onListening
    }

    /// Serves until a graceful shutdown: then live pulls end, and requests that have begun are answered.
    ///
    /// - Throws: `AdministrationError` `server.portTaken`, `server.portForbidden` or `server.listening`.
    public func run() async throws {
        let logger = workspace.environment.logger
        let identity = workspace.identity
        // The authority's own certificate goes along, because a new device knows only its fingerprint.
        let context = try TLSContext.server(
            certificate: identity.certificate, key: identity.key,
            chain: [identity.authority.certificate], deviceAuthority: identity.authority.certificate)
        let dispatcher = RequestDispatcher(workspace: workspace, limits: limits, logger: logger)
        let channel = DeviceChannel(context: context, limits: limits) { request, writer, channel in
            try await dispatcher.respond(to: request, writer, on: channel)
        }
        let configuration = ServerConfiguration(
            address: .hostname(address.host, port: address.port),
            availableConnectionsDelegate: .maximum(limits.connections, logger: logger))
        let server = Server(
            childChannelSetup: channel, configuration: configuration,
            onServerRunning: { channel in await listening(channel) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        do {
            try await withGracefulShutdownHandler {
                try await server.run()
            } onGracefulShutdown: {
                workspace.service.endPulls()
            }
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

    private func listening(_ channel: any Channel) async {
        let port = channel.localAddress?.port ?? address.port
        do {
            let isFollowed = workspace.configuration.followsPort(of: address)
            try workspace.listens(onTakenPort: isFollowed ? port : nil)
        } catch {
            // Devices that are enrolled are served all the same; only new links carry an old port.
            workspace.environment.logger.error("The port could not be written down: \(error)")
        }
        await onListening(address.with(port: port))
    }
}
