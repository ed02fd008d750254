import ChangeLog
import HTTPTypes
import HummingbirdCore
import Logging
import ServiceLifecycle
import SyncProtocol

/// Answers a pull: the stream of the service, for as long as the device listens.
struct PullExchange {
    let service: SyncService
    let limits: HTTPLimits
    let device: DeviceIdentity
    let logger: Logger

    /// The pull of the protocol: hello and want as frames in the body.
    ///
    /// - Throws: `RequestFailure` when the request does not say what a pull should.
    @concurrent
    func reply(to request: Request) async throws -> Reply {
        let (hello, want) = try await opening(request)
        return .frames { stream in try await run(hello, want, request, &stream) }
    }

    /// A pull for people with curl: everything from the beginning, `?cursor=N` later on, `&live=1`.
    @concurrent
    func plainReply(to request: Request) async throws -> Reply {
        let query = request.uri.queryParameters
        let cursor = query["cursor"].map { UInt64($0) } ?? 0
        guard let cursor else { throw RequestFailure(.badRequest, .bodyMalformed, "cursor is no number") }
        let reports = try await service.devices()
        guard let replica = reports.first(where: { $0.device == device.device })?.replicas.first else {
            throw RequestFailure(.forbidden, .recordUnknown, "\(device.device)")
        }
        let hello = Hello(replica: replica, epoch: nil, cursor: Position(cursor))
        let want = Want(cursor: Position(cursor), isLive: query["live"] == "1", held: [])
        // The body is empty; reading its end makes the connection ready to be watched.
        for try await _ in request.body {}
        return .frames { stream in try await run(hello, want, request, &stream) }
    }

    /// Reads the request to its end, so that the connection's own end can be noticed afterwards.
    @concurrent
    private func opening(_ request: Request) async throws -> (Hello, Want) {
        var session = ServerSession(.pull)
        var frames = FrameReader(request.body, limit: limits.framesPerRequest)
        var hello: Hello?
        var want: Want?
        do {
            while let frame = try await frames.next() {
                switch session.receive(frame) {
                case .welcome(let first): hello = first
                case .stream(let wanted): want = wanted
                case .purged(let audiences): try await service.purged(audiences, by: device)
                case .refuse(let reason): throw RequestFailure(.badRequest, reason)
                case .judge, .answer: preconditionFailure("a pull session asks for nothing of this kind")
                }
            }
        } catch let error as ProtocolError {
            throw RequestFailure(error)
        }
        guard let hello, let want else {
            throw RequestFailure(ProtocolError(.truncated, "a pull without a hello and a want"))
        }
        return (hello, want)
    }

    @concurrent
    private func run(
        _ hello: Hello, _ want: Want, _ request: Request, _ stream: inout FrameWriter
    ) async throws {
        guard want.isLive else { return try await send(hello, want, to: &stream) }
        var writer = stream
        do {
            // A live stream is silent for long: that the device has left must be noticed all the same.
            try await request.body.consumeWithCancellationOnInboundClose { _ in
                try await send(hello, want, to: &writer)
            }
        } catch is CancellationError {
            logger.debug("A live pull of device \(device.device) has ended")
        }
    }

    @concurrent
    private func send(_ hello: Hello, _ want: Want, to stream: inout FrameWriter) async throws {
        do {
            for try await frame in service.pull(hello, want, for: device).cancelOnGracefulShutdown() {
                try await stream.send(frame)
            }
        } catch let reason as Reason {
            try await stream.send(.refusal(reason))
        }
    }
}
