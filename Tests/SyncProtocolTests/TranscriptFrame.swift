import ChangeLog
import SyncProtocol
import TransparencyLog

/// Reads a frame from its readable form, with everything that it leaves out filled in alike.
enum TranscriptFrame {
    static func parse(_ words: [String]) throws -> Frame {
        let line = words.joined(separator: " ")
        switch words[0] {
        case "hello":
            return .hello(
                Hello(
                    version: try number(words, "version"), replica: Transcript.replica, epoch: Epoch(1),
                    cursor: Position(try number(words, "cursor"))))
        case "want":
            return .want(
                Want(
                    cursor: Position(try number(words, "cursor")), isLive: line.contains("live=yes"),
                    held: try held(words)))
        case "push":
            let numbers = words[1].split(separator: ",").compactMap { UInt64($0) }
            return .push(Batch(entries: numbers.map { entry(number: $0) }, heads: []))
        case "ask":
            let numbers = words[1].split(separator: ",").compactMap { UInt64($0) }
            return .ask(numbers.map { ChangeID(replica: Transcript.replica, number: $0) })
        case "compare": return .compare(try number(words, "size"))
        case "prove": return .prove(try change(words[1]))
        case "tree": return .tree(tree(size: try number(words, "size")))
        case "receipt":
            return .receipt(receipt(of: try change(words[1]), leaf: try number(words, "leaf")))
        case "welcome":
            return .welcome(
                Welcome(
                    version: try number(words, "version"), epoch: Epoch(1),
                    head: Position(try number(words, "head")),
                    milliseconds: 0))
        case "verdicts": return .verdicts(try words[1].split(separator: ",").map { try verdict(String($0)) })
        case "grant": return .grant(try audience(words[1]), end: Position(try number(words, "end")))
        case "deliver":
            let lane = words[1] == "main" ? nil : try audience(String(words[1].dropFirst(5)))
            let entries =
                words.count > 3 && words[3] != "-"
                ? try words[3].split(separator: ",").map { try placed(String($0)) } : []
            return .deliver(
                Delivery(
                    lane: lane, through: Position(try number(words, "through")),
                    batch: Batch(entries: entries, heads: [])))
        case "revoke": return .revoke(try words[1].split(separator: ",").map { try audience(String($0)) })
        case "purged": return .purged(try words[1].split(separator: ",").map { try audience(String($0)) })
        case "current": return .current(Position(UInt64(words[1]) ?? 0))
        case "pulse": return .pulse(milliseconds: 0)
        case "refusal": return .refusal(Reason(code: words[1], message: "", remedy: ""))
        default: throw Transcript.Misread(line: line)
        }
    }

    static func change(_ text: String) throws -> ChangeID {
        guard let number = UInt64(text.split(separator: ":").last ?? "") else {
            throw Transcript.Misread(line: text)
        }
        return ChangeID(replica: Transcript.replica, number: number)
    }

    private static func tree(size: UInt64) -> TreeComparison {
        let head = TreeHead(epoch: Epoch(1), size: size, root: .zero, milliseconds: 0)
        return TreeComparison(signed: SignedTreeHead(head: head, signature: []), path: [])
    }

    private static func receipt(of change: ChangeID, leaf: UInt64) -> ReceiptEvidence {
        ReceiptEvidence(
            change: change, index: leaf, received: 0, verdict: .held, position: nil, path: [],
            previous: .zero, links: [], signature: [], key: [])
    }

    static func number(_ words: [String], _ name: String) throws -> UInt64 {
        guard let word = words.first(where: { $0.hasPrefix("\(name)=") }),
            let value = UInt64(word.dropFirst(name.count + 1))
        else { throw Transcript.Misread(line: words.joined(separator: " ")) }
        return value
    }

    static func held(_ words: [String]) throws -> [Want.Held] {
        guard let word = words.first(where: { $0.hasPrefix("held=") }), word != "held=-" else { return [] }
        return try word.dropFirst(5).split(separator: ",").map { part in
            let pieces = part.split(separator: "@")
            let range = pieces[1].split(separator: "/").compactMap { UInt64($0) }
            return Want.Held(
                audience: try audience(String(pieces[0])), have: Position(range[0]), end: Position(range[1]))
        }
    }

    static func entry(number: UInt64, audience: AudienceID = Roster.audience) -> BatchEntry {
        BatchEntry(
            envelope: Envelope(
                id: ChangeID(replica: Transcript.replica, number: number),
                base: Base(epoch: Epoch(1), position: .origin, own: number - 1), time: HybridTime(0),
                audience: audience,
                schema: 1),
            body: .commitment(.zero))
    }

    /// `audience/replica:number@position`
    private static func placed(_ text: String) throws -> BatchEntry {
        let parts = text.split { "/@".contains($0) }
        let numbers = parts[1].split(separator: ":")
        guard parts.count == 3, let number = UInt64(numbers.last ?? ""), let position = UInt64(parts[2])
        else {
            throw Transcript.Misread(line: text)
        }
        var entry = entry(number: number, audience: try audience(String(parts[0])))
        entry.placement = .init(position: Position(position), effective: HybridTime(0))
        return entry
    }

    /// `replica:number=accepted@position`, `…=held`, `…=waiting`, `…=refused`
    private static func verdict(_ text: String) throws -> VerdictEntry {
        let parts = text.split(separator: "=")
        guard let number = UInt64(parts[0].split(separator: ":").last ?? "") else {
            throw Transcript.Misread(line: text)
        }
        let reason = Reason(code: "example", message: "", remedy: "")
        let verdict: Verdict =
            switch parts[1].prefix(4) {
            case "acce":
                .accepted(
                    Position(UInt64(parts[1].split(separator: "@").last ?? "") ?? 0), effective: HybridTime(0)
                )
            case "held": .held(reason)
            case "wait": .waiting(behind: 1)
            default: .refused(reason)
            }
        return VerdictEntry(change: ChangeID(replica: Transcript.replica, number: number), verdict: verdict)
    }

    private static func audience(_ name: String) throws -> AudienceID {
        guard let audience = AudienceID(name) else { throw Transcript.Misread(line: name) }
        return audience
    }
}
