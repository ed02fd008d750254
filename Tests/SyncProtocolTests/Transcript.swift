import ChangeLog
import SyncProtocol
import TransparencyLog

/// Plays the lines of a transcript through a session and writes down what it does.
///
/// | line | meaning |
/// |---|---|
/// | `# …` and empty | a comment |
/// | `pull cursor=N held=AUDIENCE@HAVE/END,…` | begins the client's side of a pull; `known=N` asks for a tree head |
/// | `receipt NUMBER known=N` | begins the client's side of asking for a receipt |
/// | `push NUMBER,… ask NUMBER,…` | begins the client's side of a push |
/// | `serve push`, `serve pull` | begins the server's side |
/// | `< FRAME` | a frame comes in, in the readable form |
/// | `end` | the stream ends |
/// | `= ACTION` | what the session does then; written by the replay |
struct Transcript {
    private enum Session {
        case none
        case pull(PullSession)
        case push(PushSession)
        case receipt(ReceiptSession)
        case server(ServerSession)
    }

    private var session = Session.none
    private var output: [String] = []
    static let replica = ReplicaID(Identifier128(high: 0xaaaa << 48, low: 1))

    struct Misread: Error, CustomStringConvertible {
        let line: String
        var description: String { "a line that is not understood: \(line)" }
    }

    static func replay(_ text: String) throws -> String {
        var transcript = Transcript()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("=") || line.hasPrefix(">") { continue }
            transcript.output.append(String(line))
            try transcript.play(String(line))
        }
        return transcript.output.joined(separator: "\n")
    }

    private mutating func play(_ line: String) throws {
        if line.isEmpty || line.hasPrefix("#") { return }
        let words = line.split(separator: " ").map(String.init)
        switch words[0] {
        case "pull": try beginPull(words)
        case "push": try beginPush(words)
        case "receipt": try beginReceipt(words)
        case "serve": session = .server(ServerSession(words[1] == "push" ? .push : .pull))
        case "<": receive(try TranscriptFrame.parse(Array(words.dropFirst())))
        case "end": end()
        default: throw Misread(line: line)
        }
    }

    private mutating func beginPull(_ words: [String]) throws {
        let cursor = Position(try TranscriptFrame.number(words, "cursor"))
        let held = try TranscriptFrame.held(words)
        let pull = PullSession(
            hello: Hello(replica: Self.replica, epoch: Epoch(1), cursor: cursor),
            want: Want(cursor: cursor, isLive: false, held: held),
            known: words.contains { $0.hasPrefix("known=") }
                ? try TranscriptFrame.number(words, "known") : nil)
        for frame in pull.opening { output.append("> \(frame)") }
        session = .pull(pull)
    }

    private mutating func beginPush(_ words: [String]) throws {
        let entries = words[1].split(separator: ",").compactMap { UInt64($0) }.map {
            TranscriptFrame.entry(number: $0)
        }
        let asked = words.count > 3 ? words[3].split(separator: ",").compactMap { UInt64($0) } : []
        let push = PushSession(
            hello: Hello(replica: Self.replica, epoch: Epoch(1), cursor: Position(4)),
            batches: entries.isEmpty ? [] : [Batch(entries: entries, heads: [])],
            questions: asked.map { ChangeID(replica: Self.replica, number: $0) })
        for frame in push.frames { output.append("> \(frame)") }
        session = .push(push)
    }

    private mutating func beginReceipt(_ words: [String]) throws {
        let receipt = ReceiptSession(
            hello: Hello(replica: Self.replica, epoch: Epoch(1), cursor: Position(4)),
            known: try TranscriptFrame.number(words, "known"), change: try TranscriptFrame.change(words[1]))
        for frame in receipt.frames { output.append("> \(frame)") }
        session = .receipt(receipt)
    }

    private mutating func receive(_ frame: Frame) {
        switch session {
        case .none: output.append("= no session")
        case .pull(var pull):
            output.append("= \(Self.describe(pull.receive(frame)))")
            session = .pull(pull)
        case .push(var push):
            for action in push.receive(frame) { output.append("= \(Self.describe(action))") }
            session = .push(push)
        case .receipt(var receipt):
            output.append("= \(Self.describe(receipt.receive(frame)))")
            session = .receipt(receipt)
        case .server(var server):
            output.append("= \(Self.describe(server.receive(frame)))")
            session = .server(server)
        }
    }

    private mutating func end() {
        switch session {
        case .pull(var pull): output.append("= \(pull.end().map(Self.describe) ?? "nothing")")
        case .push(var push): output.append("= \(push.end().map(Self.describe) ?? "nothing")")
        case .receipt(var receipt): output.append("= \(receipt.end().map(Self.describe) ?? "nothing")")
        case .none, .server: output.append("= nothing")
        }
        session = .none
    }

    private static func describe(_ action: PullSession.Action) -> String {
        switch action {
        case .welcomed: "note the server's clock and epoch"
        case .grant(let audience, let end): "stage \(audience) up to \(end)"
        case .apply(let delivery):
            "apply \(delivery.batch.entries.count) changes, \(delivery.lane.map { "lane of \($0)" } ?? "cursor") to \(delivery.through)"
        case .revoke(let audiences): "purge \(audiences.map(\.name).joined(separator: ","))"
        case .current(let position): "complete at \(position)"
        case .compared(let comparison): "compare with the tree of \(comparison.signed.head.size)"
        case .pulse: "nothing new"
        case .fetch(let list): "fetch \(list.segments.count) segments of \(list.lane)"
        case .differing(let ranges): "mend \(ranges.count) parts"
        case .restored(let epochs): "go over to the last of \(epochs.count) epochs"
        case .fail(let error): "fail \(error)"
        case .refused(let reason): "refused \(reason.code)"
        }
    }

    private static func describe(_ action: PushSession.Action) -> String {
        switch action {
        case .welcomed: "note the server's clock and epoch"
        case .apply(let entries): "store \(entries.count) verdicts"
        case .done: "done"
        case .fail(let error): "fail \(error)"
        case .refused(let reason): "refused \(reason.code)"
        }
    }

    private static func describe(_ action: ReceiptSession.Action) -> String {
        switch action {
        case .welcomed: "note the server's clock and epoch"
        case .compared(let comparison): "compare with the tree of \(comparison.signed.head.size)"
        case .proved(let evidence): "check leaf \(evidence.index)"
        case .fail(let error): "fail \(error)"
        case .refused(let reason): "refused \(reason.code)"
        }
    }

    private static func describe(_ action: ServerSession.Action) -> String {
        switch action {
        case .welcome: "send a welcome"
        case .judge(let batch): "judge \(batch.entries.count) changes and answer with their verdicts"
        case .believe(let receipts): "believe \(receipts.count) receipts"
        case .lodge(let heads): "keep where \(heads.count) chains end"
        case .answer(let changes): "answer with \(changes.count) verdicts"
        case .compare(let size): "tell the tree head, from \(size)"
        case .prove(let change): "prove \(change.number)"
        case .offer(let batch): "take in \(batch.entries.count) changes of somebody else"
        case .continue(let continuation): "let it go on after \(continuation.continued.number)"
        case .tell(let parts): "tell which of \(parts.count) parts differ"
        case .segment: "name large lanes as segments"
        case .stream(let want): "stream from \(want.cursor)"
        case .purged(let audiences): "note that \(audiences.count) audiences are purged"
        case .refuse(let reason): "refuse \(reason.code): \(reason.message)"
        }
    }
}
