import ChangeLog
import TransparencyLog

// The readable form of a frame, one line: for logs, transcripts and people. It tells everything but
// the contents of changes, which are private.

extension Frame: CustomStringConvertible {
    public var description: String {
        switch self {
        case .hello(let hello):
            "hello version=\(hello.version) replica=\(hello.replica) epoch=\(hello.epoch?.description ?? "-")"
                + " cursor=\(hello.cursor)"
        case .push(let batch): "push \(batch.debugForm)"
        case .offer(let batch): "offer \(batch.debugForm)"
        case .ask(let changes): "ask \(Self.join(changes.map(\.description)))"
        case .want(let want):
            "want cursor=\(want.cursor) live=\(want.isLive ? "yes" : "no") held="
                + Self.join(want.held.map { "\($0.audience)@\($0.have)/\($0.end)" })
        case .purged(let audiences): "purged \(Self.join(audiences.map(\.name)))"
        case .compare(let size): "compare size=\(size)"
        case .prove(let change): "prove \(change)"
        case .welcome(let welcome):
            "welcome version=\(welcome.version) epoch=\(welcome.epoch) head=\(welcome.head)"
                + " time=\(welcome.milliseconds)"
        case .verdicts(let entries): "verdicts \(Self.join(entries.map(\.debugForm)))"
        case .grant(let audience, let end): "grant \(audience) end=\(end)"
        case .deliver(let delivery):
            "deliver \(delivery.lane.map { "lane=\($0)" } ?? "main") through=\(delivery.through)"
                + " \(delivery.batch.debugForm)"
        case .revoke(let audiences): "revoke \(Self.join(audiences.map(\.name)))"
        case .current(let position): "current \(position)"
        case .pulse(let milliseconds): "pulse time=\(milliseconds)"
        case .refusal(let reason): "refusal \(reason.code)"
        case .tree(let comparison):
            "tree size=\(comparison.signed.head.size) time=\(comparison.signed.head.milliseconds)"
        case .receipt(let evidence): "receipt \(evidence.change) leaf=\(evidence.index)"
        case .continue(let continuation):
            "continue \(continuation.replica) after=\(continuation.continued)"
        case .continued(let continuation):
            "continued \(continuation.replica) after=\(continuation.continued)"
        case .fingerprints(let parts): "fingerprints \(Self.join(parts.map(\.range.debugForm)))"
        case .lodge(let heads): "lodge \(Self.join(heads.map(\.audience.name)))"
        case .evidence(let receipts): "evidence \(Self.join(receipts.map(\.change.description)))"
        case .segmented: "segmented"
        case .segments(let list):
            "segments \(list.lane) "
                + Self.join(list.segments.map { "\($0.hash.description.prefix(4))@\($0.through)/\($0.size)" })
        case .differing(let ranges): "differing \(Self.join(ranges.map(\.debugForm)))"
        case .restored(let epochs):
            "restored \(Self.join(epochs.map { "\($0.record.epoch)@\($0.record.point)" }))"
        }
    }

    private static func join(_ parts: [String]) -> String {
        parts.isEmpty ? "-" : parts.joined(separator: ",")
    }
}

extension FingerprintRange {
    fileprivate var debugForm: String { "\(audience)@\(after)/\(through)" }
}

extension Batch {
    fileprivate var debugForm: String {
        entries.isEmpty ? "-" : entries.map(\.debugForm).joined(separator: ",")
    }
}

extension BatchEntry {
    /// `audience:number` by the first four digits of the replica, then `@position` where it has one.
    fileprivate var debugForm: String {
        let place = placement.map { "@\($0.position)" } ?? ""
        let body =
            switch body {
            case .contents: ""
            case .commitment: "(erased)"
            }
        return
            "\(envelope.audience)/\(envelope.id.replica.description.prefix(4)):\(envelope.id.number)\(place)\(body)"
    }
}

extension VerdictEntry {
    fileprivate var debugForm: String {
        let name = "\(change.replica.description.prefix(4)):\(change.number)"
        return switch verdict {
        case .accepted(let position, _): "\(name)=accepted@\(position)"
        case .held(let reason): "\(name)=held(\(reason.code))"
        case .waiting(let behind): "\(name)=waiting(\(behind))"
        case .refused(let reason): "\(name)=refused(\(reason.code))"
        }
    }
}
