import ChangeLog
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import SyncProtocol

/// Answers a pull: the stream of the service, for as long as the device listens.
///
/// An object, so that a live pull keeps one reference in each of its calls, for hours.
final class PullExchange: Sendable {
    let service: SyncService
    let limits: HTTPLimits
    let device: DeviceIdentity
    let passage: Passage
    let connection: any Channel
    let logger: Logger

    init(
        service: SyncService, limits: HTTPLimits, device: DeviceIdentity, passage: Passage,
        connection: any Channel, logger: Logger
    ) {
        self.service = service
        self.limits = limits
        self.device = device
        self.passage = passage
        self.connection = connection
        self.logger = logger
    }

    /// The pull of the protocol: hello and want as frames in the body.
    ///
    /// - Throws: `RequestFailure` when the request does not say what a pull should.
    @concurrent
    func reply(to request: Request) async throws -> Reply {
        let opening = try await opening(request)
        try await refuseRetired(in: opening.hello.epoch)
        try admit(opening.want)
        return .frames { [self] stream in try await run(opening, &stream) }
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
        try await refuseRetired(in: nil)
        let hello = Hello(replica: replica, epoch: nil, cursor: Position(cursor))
        let want = Want(cursor: Position(cursor), isLive: query["live"] == "1", held: [])
        try admit(want)
        let opening = Opening(
            hello: hello, want: want, known: nil, fingerprints: [], takesSegments: false)
        return .frames { [self] stream in try await run(opening, &stream) }
    }

    /// Nothing but how a new epoch began is told to a retired device: it hands in what is not in that one.
    private func refuseRetired(in epoch: Epoch?) async throws {
        guard device.isRetired else { return }
        guard let epoch, epoch != (await service.head()).0 else {
            throw RequestFailure(.forbidden, Refusal.deviceRetired)
        }
    }

    /// What a request asks for.
    private struct Opening: Sendable {
        let hello: Hello
        let want: Want
        /// The size of the newest tree that the client knows; nil where it asks for no head.
        let known: UInt64?
        /// What it has of its audiences.
        let fingerprints: [RangeFingerprint]
        let takesSegments: Bool
    }

    /// What has been read of a request.
    private struct Draft {
        private var session = ServerSession(.pull)
        private var hello: Hello?
        private var want: Want?
        private var known: UInt64?
        private var fingerprints: [RangeFingerprint] = []
        private var takesSegments = false

        /// - Returns: audiences that the device has purged.
        mutating func take(_ frame: Frame) throws -> [AudienceID] {
            switch session.receive(frame) {
            case .welcome(let first): hello = first
            case .stream(let wanted): want = wanted
            case .compare(let size): known = size
            case .tell(let parts):
                guard fingerprints.isEmpty else {
                    throw ProtocolError(.outOfOrder, "fingerprints are told once before a want")
                }
                fingerprints = parts
            case .segment: takesSegments = true
            case .purged(let audiences): return audiences
            case .refuse(let reason): throw RequestFailure(.badRequest, reason)
            case .judge, .offer, .lodge, .believe, .answer, .prove, .continue:
                preconditionFailure("a pull session asks for nothing of this kind")
            }
            return []
        }

        func finished() throws -> Opening {
            guard let hello, let want else {
                throw ProtocolError(.truncated, "a pull without a hello and a want")
            }
            // Each audience from its beginning to the cursor: beside sums that are kept, little is looked at. A live
            // pull would keep them for as long as it lasts.
            let names = fingerprints.map(\.range.audience)
            let isWhole = fingerprints.allSatisfy { part in
                part.range.after == .origin && part.range.through == want.cursor
            }
            guard isWhole, fingerprints.isEmpty || !want.isLive, zip(names, names.dropFirst()).allSatisfy(<)
            else {
                throw ProtocolError(
                    .malformed, "before a want, fingerprints of whole audiences up to its cursor are expected"
                )
            }
            return Opening(
                hello: hello, want: want, known: known, fingerprints: fingerprints,
                takesSegments: takesSegments)
        }
    }

    /// - Throws: `RequestFailure` when the device has as many live pulls as it may.
    private func admit(_ want: Want) throws {
        guard want.isLive else { return }
        do { try passage.becomeLive() } catch let refusal as Traffic.Refusal { throw RequestFailure(refusal) }
    }

    /// Reads the request to its end: what comes after it on the connection is the next request.
    @concurrent
    private func opening(_ request: Request) async throws -> Opening {
        var frames = FrameReader(request.body, limit: limits.framesPerRequest)
        var draft = Draft()
        do {
            while let frame = try await frames.next() {
                try await passage.pass(bytes: frames.takeCount())
                let purged = try draft.take(frame)
                // What a retired one says of it ends its last session, which is a push.
                if !purged.isEmpty, !device.isRetired { try await service.purged(purged, by: device) }
            }
            return try draft.finished()
        } catch {
            throw Self.failure(for: error)
        }
    }

    private static func failure(for error: any Error) -> any Error {
        switch error {
        case let error as ProtocolError: RequestFailure(error)
        case let refusal as Traffic.Refusal: RequestFailure(refusal)
        default: error
        }
    }

    @concurrent
    private func run(_ opening: Opening, _ stream: inout FrameWriter) async throws {
        guard opening.want.isLive else { return try await send(opening, to: stream) }
        // A live stream is silent for long: that the device has left must be noticed all the same.
        let sending = Task { [self, stream] in try await send(opening, to: stream) }
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
        let (frames, pull) = begin(opening)
        defer { pull.close() }
        do {
            while let piece = try await Piece.next(of: frames) {
                try await stream.send(piece.bytes)
                pull.gave(changes: piece.changes, through: piece.through, refusal: piece.refusal)
                try await passage.pass(bytes: piece.size)
            }
        } catch {
            try await stream.send(try pull.refusal(for: error))
        }
    }

    private func begin(_ opening: Opening) -> (PullStream, OpenPull) {
        (
            service.stream(
                opening.hello, opening.want, known: opening.known, fingerprints: opening.fingerprints,
                takesSegments: opening.takesSegments, for: device),
            OpenPull(of: opening.hello.replica, opening.want, among: service.engine.pulls, logger)
        )
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
