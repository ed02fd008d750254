import ChangeLog
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import SyncProtocol
import TransparencyLog

/// Answers a push: a welcome, and the verdicts of each frame as soon as they are durable.
struct PushExchange {
    let service: SyncService
    let environment: ServerEnvironment
    let limits: HTTPLimits
    let device: DeviceIdentity
    let passage: Passage
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
        var verdicts: [VerdictEntry] = []
        // The size of the tree that was told, in which receipts are proved.
        var proved: UInt64 = 0
        var evidence: [EarlierReceipt] = []
        var hasPurged = false
        do {
            while let action = try await next(&frames, &session) {
                // In time is what is here in time, whatever it has to wait for.
                let received = environment.nowMilliseconds()
                try await passage.pass(changes: Self.cost(of: action), bytes: frames.takeCount())
                try await perform(
                    action, hello: hello, received, evidence, proved: &proved, &verdicts, &stream)
                if case .purged = action { hasPurged = true }
                if case .believe(let receipts) = action {
                    evidence += receipts
                    // Each of them costs a signature to check, in each batch that it is about.
                    guard evidence.count <= ProtocolLimits.batchEntries else {
                        throw ProtocolError(.tooLarge, "more evidence than a batch has changes")
                    }
                }
            }
            // Only when all of the request was taken in: what it pushes may stand behind.
            if device.isRetired, hasPurged { try await service.handedIn(by: device) }
            told(verdicts.summary, hello)
        } catch {
            try await stream.send(.refusal(try refusal(for: error, after: verdicts, hello)))
        }
    }

    private func refusal(for error: any Error, after verdicts: [VerdictEntry], _ hello: Hello) throws
        -> Reason
    {
        do {
            let reason = try RequestFailure.reason(for: error, logger)
            told("\(verdicts.summary) \(reason.code)", hello)
            return reason
        } catch {
            // The connection has gone; what is durable stays, and is told when it is asked for.
            told("\(verdicts.summary) \(FailureCode.text(error))", hello)
            throw error
        }
    }

    /// As many changes as it takes the server's time.
    private static func cost(of action: ServerSession.Action) -> Int {
        switch action {
        case .judge(let batch), .offer(let batch): batch.entries.count
        case .lodge(let heads): heads.count
        case .believe(let receipts): receipts.count
        case .answer(let changes): changes.count / looksPerChange
        case .tell(let parts): parts.count / looksPerChange
        default: 0
        }
    }

    /// So many verdicts are looked up in the time that it takes to judge a change.
    private static let looksPerChange = 16

    private func told(_ result: String, _ hello: Hello) {
        LogEntry(action: .push, object: "\(hello.replica)", result: result).write(to: logger, .info, "Pushed")
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
        _ action: ServerSession.Action, hello: Hello, _ received: Int64, _ evidence: [EarlierReceipt],
        proved: inout UInt64, _ verdicts: inout [VerdictEntry], _ stream: inout FrameWriter
    ) async throws {
        switch action {
        case .judge(let batch):
            do {
                let receipt = try await passage.turn(cost: batch.entries.count) {
                    try await service.push(
                        batch, from: device, replica: hello.replica, received: received, evidence,
                        logger, rest: passage.rest
                    ) { entries in
                        verdicts += entries
                        try await answer(entries, &stream)
                    }
                }
                passage.owe(changes: receipt.walked / Self.looksPerChange)
            } catch let reason as Reason where reason == Refusal.replicaCopied {
                // From the first change that differs on it goes on by itself, and must know where that is.
                let told = Set(verdicts.map(\.change))
                let shared = try await service.shared(batch, from: device, replica: hello.replica)
                try await answer(shared.filter { !told.contains($0.change) }, &stream)
                throw reason
            }
        case .offer(let batch):
            let judged = try await passage.turn(cost: batch.entries.count) {
                try await service.offer(batch, by: device, evidence: evidence)
            }
            verdicts += judged
            try await answer(judged, &stream)
        case .continue(let continuation):
            try await service.continue(continuation, by: device, logger)
            try await stream.send(.continued(continuation))
        // What follows is looked at by its light.
        case .believe: break
        case .lodge(let heads):
            try await service.lodge(heads, of: hello.replica, by: device, at: received)
        case .answer(let changes):
            try await answer(try await service.verdicts(of: changes, for: device), &stream)
        case .purged(let audiences):
            try await service.purged(audiences, by: device)
        case .tell(let parts):
            let comparison = try await service.differing(parts, for: device)
            passage.owe(changes: comparison.walked / Self.looksPerChange)
            guard let ranges = comparison.differing else {
                throw ProtocolError(.tooLarge, "parts with more changes than one question may ask for")
            }
            let bytes = ByteBuffer(bytes: Frame.differing(ranges).bytes)
            passage.owe(bytes: bytes.readableBytes)
            try await stream.send(bytes)
        case .compare(let size):
            let comparison = try await service.comparison(with: size)
            proved = comparison.signed.head.size
            try await stream.send(.tree(comparison))
        case .prove(let change):
            try await stream.send(
                .receipt(try await service.receipt(of: change, in: proved, for: device)))
        case .welcome, .segment, .stream, .refuse:
            preconditionFailure("a push session asks for nothing of this kind here")
        }
    }

    @concurrent
    private func answer(_ verdicts: [VerdictEntry], _ stream: inout FrameWriter) async throws {
        for frame in Frame.verdicts(dividing: verdicts) {
            let bytes = ByteBuffer(bytes: frame.bytes)
            passage.owe(bytes: bytes.readableBytes)
            try await stream.send(bytes)
        }
    }
}
