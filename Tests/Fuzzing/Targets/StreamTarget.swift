import ChangeLog
import SyncProtocol

/// A stream of frames in pieces of any size, through both sides' sessions: no order of frames breaks them,
/// and nothing is taken after the end.
enum StreamTarget {
    static func check(_ bytes: [UInt8]) throws {
        var tape = ByteTape(Array(bytes.prefix(4)))
        let stream = Array(bytes.dropFirst(4))
        let whole = frames(of: [stream])
        let size = 1 + tape.below(64)
        let pieces = stride(from: 0, to: stream.count, by: size).map { start in
            Array(stream[start..<min(start + size, stream.count)])
        }
        let cut = frames(of: pieces)
        try promise(cut.frames == whole.frames, "pieces of \(size) bytes give other frames")
        try promise(cut.error == whole.error, "pieces of \(size) bytes end otherwise")
        try serve(whole.frames, .push)
        try serve(whole.frames, .pull)
        try read(whole.frames)
    }

    private static func frames(of pieces: [[UInt8]]) -> (frames: [Frame], error: ProtocolError.Code?) {
        var decoder = FrameDecoder()
        var frames: [Frame] = []
        do {
            for piece in pieces {
                decoder.append(piece)
                while let frame = try decoder.next() { frames.append(frame) }
            }
            try decoder.finish()
            return (frames, nil)
        } catch {
            return (frames, error.code)
        }
    }

    private static func serve(_ frames: [Frame], _ purpose: ServerSession.Purpose) throws {
        var session = ServerSession(purpose)
        var hasEnded = false
        for (index, frame) in frames.enumerated() {
            let action = session.receive(frame)
            if case .refuse = action {
                hasEnded = true
            } else {
                try promise(!hasEnded, "a \(purpose) goes on after a refusal")
            }
            if index == 0 {
                if case .hello = frame { continue }
                try promise(hasEnded, "a \(purpose) begins without a hello")
            }
            if case .stream(let want) = action { try plan(want) }
        }
    }

    /// Follows a plan to its end, as a server that has these positions does.
    private static func plan(_ want: Want) throws {
        let head = ([want.cursor] + want.held.map(\.end)).max() ?? .origin
        let readable = want.held.enumerated().filter { $0.offset % 3 != 1 }.map(\.element.audience)
        var (plan, opening) = PullPlan.opening(
            want, readable: ([Roster.audience] + readable).sorted(), head: head, first: Roster.audience)
        for frame in opening {
            let written = frame.bytes
            try promise(try Frame(body: Array(written.dropFirst(4))) == frame, "an opening cannot be read")
        }
        while let lane = plan.lanes.first {
            try promise(lane.have < lane.end, "a lane of \(lane.audience) with nothing in it")
            plan.advanceFirstLane(to: lane.end)
        }
        plan.advance(to: head)
    }

    private static func read(_ frames: [Frame]) throws {
        let hello = Hello(replica: ReplicaID(Identifier128(high: 1, low: 2)), epoch: nil, cursor: .origin)
        var pull = PullSession(hello: hello, want: Want(cursor: .origin, isLive: false, held: []))
        var push = PushSession(hello: hello, batches: [], questions: [])
        var cursor = Position.origin
        var hasFailed = false
        for frame in frames {
            _ = push.receive(frame)
            switch pull.receive(frame) {
            case .fail, .refused: hasFailed = true
            case .apply(let delivery) where delivery.lane == nil:
                try promise(delivery.through >= cursor, "a pull goes back")
                cursor = delivery.through
                try promise(!hasFailed, "a pull goes on after its end")
            default: try promise(!hasFailed, "a pull goes on after its end")
            }
        }
        _ = push.end()
        _ = pull.end()
    }
}
