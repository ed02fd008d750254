import ChangeLog
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import SyncProtocol

/// Answers a pull: the stream of the service, for as long as the device listens.
struct PullExchange {
    let service: SyncService
    let limits: HTTPLimits
    let device: DeviceIdentity
    let connection: any Channel
    let logger: Logger

    /// The pull of the protocol: hello and want as frames in the body.
    ///
    /// - Throws: `RequestFailure` when the request does not say what a pull should.
    @concurrent
    func reply(to request: Request) async throws -> Reply {
        let opening = try await opening(request)
        return .frames { stream in try await run(opening, &stream) }
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
        return .frames { stream in try await run(Opening(hello: hello, want: want), &stream) }
    }

    /// What a request asks for.
    private struct Opening: Sendable {
        let hello: Hello
        let want: Want
        /// The size of the newest tree that the client knows; nil where it asks for no head.
        var known: UInt64?
    }

    /// Reads the request to its end: what comes after it on the connection is the next request.
    @concurrent
    private func opening(_ request: Request) async throws -> Opening {
        var session = ServerSession(.pull)
        var frames = FrameReader(request.body, limit: limits.framesPerRequest)
        var hello: Hello?
        var want: Want?
        var known: UInt64?
        do {
            while let frame = try await frames.next() {
                switch session.receive(frame) {
                case .welcome(let first): hello = first
                case .stream(let wanted): want = wanted
                case .compare(let size): known = size
                case .purged(let audiences): try await service.purged(audiences, by: device)
                case .refuse(let reason): throw RequestFailure(.badRequest, reason)
                case .judge, .answer, .prove:
                    preconditionFailure("a pull session asks for nothing of this kind")
                }
            }
        } catch let error as ProtocolError {
            throw RequestFailure(error)
        }
        guard let hello, let want else {
            throw RequestFailure(ProtocolError(.truncated, "a pull without a hello and a want"))
        }
        return Opening(hello: hello, want: want, known: known)
    }

    @concurrent
    private func run(_ opening: Opening, _ stream: inout FrameWriter) async throws {
        guard opening.want.isLive else { return try await send(opening, to: stream) }
        // A live stream is silent for long: that the device has left must be noticed all the same.
        let sending = Task { [stream] in try await send(opening, to: stream) }
        connection.closeFuture.whenComplete { _ in sending.cancel() }
        defer { logger.debug("A live pull has ended", metadata: ["device": "\(device.device)"]) }
        try await withTaskCancellationHandler {
            try await sending.value
        } onCancel: {
            sending.cancel()
        }
    }

    @concurrent
    private func send(_ opening: Opening, to writer: FrameWriter) async throws {
        var stream = writer
        let frames = service.stream(
            opening.hello, opening.want, known: opening.known, for: device)
        do {
            while let frame = try await frames.next() { try await stream.send(frame) }
        } catch let reason as Reason {
            try await stream.send(.refusal(reason))
        } catch let error as ServerError {
            logger.error("A pull failed: \(error)")
            try await stream.send(.refusal(error.reason))
        }
    }
}
