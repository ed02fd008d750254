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
    let passage: Passage
    let connection: any Channel
    let logger: Logger

    /// The pull of the protocol: hello and want as frames in the body.
    ///
    /// - Throws: `RequestFailure` when the request does not say what a pull should.
    @concurrent
    func reply(to request: Request) async throws -> Reply {
        let opening = try await opening(request)
        try admit(opening.want)
        return .frames { stream in try await run(opening, &stream) }
    }

    /// A pull for people with curl: everything from the beginning, `?cursor=N` later on, `&live=1`.
    @concurrent
    func plainReply(to request: Request) async throws -> Reply {
        let query = request.uri.queryParameters
        let cursor = query["cursor"].map { UInt64($0) } ?? 0
        guard let cursor else { throw RequestFailure(.badRequest, .bodyMalformed, "cursor is no number") }
        guard let replica = try await service.firstReplica(of: device) else {
            throw RequestFailure(.forbidden, .recordUnknown, "\(device.device)")
        }
        let hello = Hello(replica: replica, epoch: nil, cursor: Position(cursor))
        let want = Want(cursor: Position(cursor), isLive: query["live"] == "1", held: [])
        try admit(want)
        return .frames { stream in try await run(Opening(hello: hello, want: want), &stream) }
    }

    /// What a request asks for.
    private struct Opening: Sendable {
        let hello: Hello
        let want: Want
        /// The size of the newest tree that the client knows; nil where it asks for no head.
        var known: UInt64?
    }

    /// - Throws: `RequestFailure` when the device has as many live pulls as it may.
    private func admit(_ want: Want) throws {
        guard want.isLive else { return }
        do { try passage.becomeLive() } catch let refusal as Traffic.Refusal { throw RequestFailure(refusal) }
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
                try await passage.pass(bytes: frames.takeCount())
                switch session.receive(frame) {
                case .welcome(let first): hello = first
                case .stream(let wanted): want = wanted
                case .compare(let size): known = size
                case .purged(let audiences): try await service.purged(audiences, by: device)
                case .refuse(let reason): throw RequestFailure(.badRequest, reason)
                case .judge, .offer, .answer, .prove, .continue:
                    preconditionFailure("a pull session asks for nothing of this kind")
                }
            }
        } catch let error as ProtocolError {
            throw RequestFailure(error)
        } catch let refusal as Traffic.Refusal {
            throw RequestFailure(refusal)
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
        defer { sending.cancel() }
        try await withTaskCancellationHandler {
            try await DepartureHandler.set({ sending.cancel() }, on: connection)
            try await sending.value
            // Not on the future of the connection's end: it would keep every pull until then.
            try await DepartureHandler.set(nil, on: connection)
        } onCancel: {
            sending.cancel()
        }
    }

    @concurrent
    private func send(_ opening: Opening, to writer: FrameWriter) async throws {
        var stream = writer
        let frames = service.stream(opening.hello, opening.want, known: opening.known, for: device)
        let pulls = service.engine.pulls
        let number = pulls.open(isLive: opening.want.isLive, at: opening.want.cursor)
        var (changes, result) = (0, "ok")
        defer {
            pulls.close(number)
            LogEntry(
                action: .pull, object: "\(opening.hello.replica)",
                result: "\(result) live=\(opening.want.isLive) from=\(opening.want.cursor) changes=\(changes)"
            ).write(to: logger, .info, opening.want.isLive ? "A live pull has ended" : "Pulled")
        }
        do {
            while let piece = try await Piece.next(of: frames) {
                result = piece.refusal ?? result
                try await stream.send(piece.bytes)
                changes += piece.changes
                if let through = piece.through { pulls.given(number, through: through) }
                try await passage.pass(bytes: piece.size)
            }
        } catch let refusal as Traffic.Refusal {
            let reason = RequestFailure(refusal).reason
            result = reason.code
            try await stream.send(.refusal(reason))
        } catch let reason as Reason {
            result = reason.code
            try await stream.send(.refusal(reason))
        } catch let error as ServerError {
            result = FailureCode.text(error)
            logger.error("A pull failed", metadata: error.detail)
            try await stream.send(.refusal(error.reason))
        } catch {
            // The device has gone, or was told to wait no longer.
            result = error is CancellationError ? "closed" : FailureCode.text(error)
            throw error
        }
    }
}

/// A frame on its way: its bytes alone, since a reader that takes nothing keeps them for long.
private struct Piece {
    let bytes: ByteBuffer
    let size: Int
    let changes: Int
    /// Up to where it completes the main stream.
    let through: Position?
    /// The code of a refusal.
    let refusal: String?

    @concurrent
    static func next(of stream: PullStream) async throws -> Piece? { try await stream.next().map(Piece.init) }

    private init(_ frame: Frame) {
        var (changes, through, refusal) = (0, Position?.none, String?.none)
        switch frame {
        case .deliver(let delivery):
            changes = delivery.batch.entries.count
            if delivery.lane == nil { through = delivery.through }
        case .refusal(let reason): refusal = reason.code
        default: break
        }
        bytes = ByteBuffer(bytes: frame.bytes)
        (size, self.changes, self.through, self.refusal) = (bytes.readableBytes, changes, through, refusal)
    }
}
