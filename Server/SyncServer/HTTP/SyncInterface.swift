import Cryptography
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
        let logger = workspace.environment.libraryLogger
        let identity = workspace.identity
        // The authority's own certificate goes along, because a new device knows only its fingerprint.
        let context = try TLSContext.server(
            certificate: identity.certificate, key: identity.key,
            chain: [identity.authority.certificate], deviceAuthority: identity.authority.certificate)
        let metrics = workspace.service.engine.metrics
        let dispatcher = RequestDispatcher(
            workspace: workspace, limits: limits, metrics: metrics,
            gate: TrafficGate(limits.traffic, environment: workspace.environment, metrics: metrics),
            logger: workspace.environment.logger,
            counter: RequestCounter(start: workspace.environment.randomBytes(4)))
        let channel = DeviceChannel(context: context, limits: limits, metrics: metrics) {
            request, writer, channel in
            try await dispatcher.respond(to: request, writer, on: channel)
        }
        let configuration = ServerConfiguration(
            address: .hostname(address.host, port: address.port),
            availableConnectionsDelegate: .maximum(limits.connections, logger: logger))
        let server = Server(
            childChannelSetup: channel, configuration: configuration,
            onServerRunning: { channel in await listening(channel) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        try await AdministrationError.translatingListening(on: address) {
            try await withGracefulShutdownHandler {
                try await server.run()
            } onGracefulShutdown: {
                workspace.service.endPulls()
            }
        }
    }

    private func listening(_ channel: any Channel) async {
        let port = channel.localAddress?.port ?? address.port
        do {
            let isFollowed = workspace.configuration.followsPort(of: address)
            try workspace.listens(onTakenPort: isFollowed ? port : nil)
        } catch {
            // Devices that are enrolled are served all the same; only new links carry an old port.
            workspace.environment.logger.error(
                "The port could not be written down: \(FailureCode.text(error))")
        }
        await onListening(address.with(port: port))
    }
}
