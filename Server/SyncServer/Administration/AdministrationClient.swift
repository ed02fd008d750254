import Foundation
import NIOCore
import NIOPosix

/// The asking end of an administration socket.
struct AdministrationClient {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// nil when nobody listens in this folder.
    static func connect(to folder: DataFolder) async throws -> AdministrationClient? {
        let path = try SocketPath(in: folder)
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: path.text) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            return AdministrationClient(channel: channel)
        } catch let error as IOError where error.errnoCode == ENOENT || error.errnoCode == ECONNREFUSED {
            return nil
        }
    }

    /// Asks one task; the connection is closed after it.
    func ask<Task: AdministrationTask>(_ task: Task) async throws -> Task.Answer {
        let request = try JSONEncoder().encode(TaskCatalogue.Request(task))
        let reply = try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: request + [0x0a]))
            var lines = LineReader(inbound)
            return try await lines.next()
        }
        guard let reply else { throw AdministrationError(.connectionLost) }
        return try TaskCatalogue.read(reply, as: Task.Answer.self)
    }

    func close() async throws { try await channel.executeThenClose { _, _ in } }
}
