import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// Serves the page of metrics over plain HTTP, to whoever may reach the address: meant for loopback.
///
/// The page tells of no person, device or text; but it tells how busy the association is, and it asks for
/// no certificate, so it does not belong where the devices connect.
public struct MetricsInterface: Service {
    /// The path of the page.
    public static let path = "/metrics"
    /// Connections at a time; further ones wait.
    private static let connections = 8
    /// How long a connection may be silent, seconds.
    private static let idleSeconds: Int64 = 60

    private let workspace: Workspace
    private let registry: PrometheusRegistry
    private let address: NetworkAddress
    private let onListening: @Sendable (NetworkAddress) async -> Void

    /// - Parameters:
    ///   - registry: that of the workspace's environment.
    ///   - address: where to listen; port 0 takes a free one.
    ///   - onListening: called once with the address that is listened on.
    public init(
        workspace: Workspace, registry: PrometheusRegistry, address: NetworkAddress,
        onListening: @escaping @Sendable (NetworkAddress) async -> Void
    ) {
        self.workspace = workspace
        self.registry = registry
        self.address = address
        self.onListening = onListening
    }

    /// Serves until a graceful shutdown.
    ///
    /// - Throws: `AdministrationError` `server.portTaken`, `server.portForbidden` or `server.listening`.
    public func run() async throws {
        let logger = workspace.environment.libraryLogger
        let http = HTTP1Channel(
            responder: { request, writer, _ in try await respond(to: request, writer) },
            configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(Self.idleSeconds)))
        let configuration = ServerConfiguration(
            address: .hostname(address.host, port: address.port),
            availableConnectionsDelegate: .maximum(Self.connections, logger: logger))
        let server = Server(
            childChannelSetup: http, configuration: configuration,
            onServerRunning: { channel in
                await onListening(address.with(port: channel.localAddress?.port ?? address.port))
            }, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        try await AdministrationError.translatingListening(on: address) { try await server.run() }
    }

    @concurrent
    private func respond(to request: Request, _ writer: consuming ResponseWriter) async throws {
        guard request.uri.path == Self.path else {
            return try await plain("There is one page here: \(Self.path)\n", .notFound).send(to: writer)
        }
        guard request.method == .get else {
            return try await plain("\(Self.path) is only read\n", .methodNotAllowed).send(to: writer)
        }
        await workspace.service.measure()
        let page = Reply.document(
            Array(registry.page.utf8), type: PrometheusText.contentType, status: .ok, fields: [:])
        try await page.send(to: writer)
    }

    private func plain(_ text: String, _ status: HTTPResponse.Status) -> Reply {
        .document(Array(text.utf8), type: "text/plain; charset=utf-8", status: status, fields: [:])
    }
}
