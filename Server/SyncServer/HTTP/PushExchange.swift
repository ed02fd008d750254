import ChangeLog
import HTTPTypes
import HummingbirdCore
import Logging
import SyncProtocol
import TransparencyLog

/// Answers a push: a welcome, and the verdicts of each frame as soon as they are durable.
struct PushExchange {
    let service: SyncService
    let environment: ServerEnvironment
    let limits: HTTPLimits
    let device: DeviceIdentity
    let logger: Logger

    /// - Throws: `RequestFailure` when the request does not begin as a push should.
    @concurrent
    func reply(to request: Request) async throws -> Reply {
        var session = ServerSession(.push)
        var frames = FrameReader(request.body, limit: limits.framesPerRequest)
        guard case .welcome(let hello) = try await next(&frames, &session) else {
            throw RequestFailure(ProtocolError(.truncated, "a push without a hello"))
        }
        return .frames { [frames, session] stream in
            try await run(hello, frames, session, &stream)
        }
    }

    /// What goes wrong from here on is said in a frame: the status is under way already.
    @concurrent
    private func run(
        _ hello: Hello, _ reader: FrameReader, _ opened: ServerSession, _ stream: inout FrameWriter
    ) async throws {
        var frames = reader
        var session = opened
        let (epoch, head) = await service.head()
        let now = environment.nowMilliseconds()
        try await stream.send(.welcome(Welcome(epoch: epoch, head: head, milliseconds: now)))
        // The size of the tree that was told, in which receipts are proved.
        var told: UInt64 = 0
        do {
            while let action = try await next(&frames, &session) {
                try await perform(action, hello: hello, told: &told, &stream)
            }
        } catch let failure as RequestFailure {
            try await stream.send(.refusal(failure.reason))
        } catch let reason as Reason {
            try await stream.send(.refusal(reason))
        } catch let error as ServerError {
            logger.error("A push failed: \(error)")
            try await stream.send(.refusal(error.reason))
        }
    }

    /// nil at the end of the request.
    @concurrent
    private func next(
        _ frames: inout FrameReader, _ session: inout ServerSession
    ) async throws -> ServerSession.Action? {
        let action: ServerSession.Action
        do {
            guard let frame = try await frames.next() else { return nil }
            action = session.receive(frame)
        } catch let error as ProtocolError {
            action = session.receive(error)
        }
        if case .refuse(let reason) = action { throw RequestFailure(.badRequest, reason) }
        return action
    }

    @concurrent
    private func perform(
        _ action: ServerSession.Action, hello: Hello, told: inout UInt64, _ stream: inout FrameWriter
    ) async throws {
        switch action {
        case .judge(let batch):
            try await answer(try await service.push(batch, from: device, replica: hello.replica), &stream)
        case .answer(let changes):
            try await answer(try await service.verdicts(of: changes, for: device), &stream)
        case .purged(let audiences):
            try await service.purged(audiences, by: device)
        case .compare(let size):
            let comparison = try await service.comparison(with: size)
            told = comparison.signed.head.size
            try await stream.send(.tree(comparison))
        case .prove(let change):
            try await stream.send(
                .receipt(try await service.receipt(of: change, in: told, for: device)))
        case .welcome, .stream, .refuse:
            preconditionFailure("a push session asks for nothing of this kind here")
        }
    }

    @concurrent
    private func answer(_ verdicts: [VerdictEntry], _ stream: inout FrameWriter) async throws {
        for frame in Frame.verdicts(dividing: verdicts) { try await stream.send(frame) }
    }
}
