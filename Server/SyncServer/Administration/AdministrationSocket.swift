import Glibc
import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// Listens in the folder of a running server for the tasks of its administrators.
///
/// Whoever may open the folder may ask: the socket has the rights of its owner alone (0600).
public struct AdministrationSocket: Service {
    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private let workspace: Workspace
    private let catalogue: TaskCatalogue

    public init(workspace: Workspace, catalogue: TaskCatalogue) {
        self.workspace = workspace
        self.catalogue = catalogue
    }

    /// Answers until a graceful shutdown; tasks that have begun are done to their end.
    public func run() async throws {
        let path = try SocketPath(in: workspace.folder)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(unixDomainSocketPath: path.text, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Connection(wrappingChannelSynchronously: channel)
                }
            }
        guard chmod(path.text, 0o600) == 0 else {
            throw AdministrationError(system: errno, place: workspace.folder.path(of: SocketPath.name))
        }
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections.cancelOnGracefulShutdown() {
                    group.addTask { await serve(connection) }
                }
            }
        }
        try workspace.folder.remove(SocketPath.name)
    }

    private func serve(_ connection: Connection) async {
        do {
            try await withGracefulShutdownHandler {
                try await connection.executeThenClose { inbound, outbound in
                    var lines = LineReader(inbound)
                    while let line = try await lines.next() {
                        let answer = await catalogue.answer(line, in: workspace)
                        try await outbound.write(ByteBuffer(bytes: answer + [0x0a]))
                    }
                }
            } onGracefulShutdown: {
                // Nothing more is asked; what was asked is answered.
                connection.channel.close(mode: .input, promise: nil)
            }
        } catch {
            workspace.environment.logger.debug(
                "An administrator's connection ended: \(FailureCode.text(error))")
        }
    }
}
