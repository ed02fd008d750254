import ChangeLog
import Cryptography
import SyncProtocol

/// Writes segments from the log, one frame in memory at a time.
///
/// A segment has full frames only: where one ends follows from the changes behind it, and not from how far the log
/// went when it was made. So the same stretch gives the same bytes at any time.
struct SegmentCutter {
    let ledger: ServerLedger
    let folder: DataFolder
    /// Changes in a frame.
    let batchEntries: Int
    let measure: SegmentMeasure

    /// The next segment of an audience; nil as long as there is not enough for one.
    func next(of audience: AudienceID, _ number: Int64, after: Position) throws -> Segment? {
        let head = try ledger.head()
        guard try ledger.hasMuch(of: number, behind: after, upTo: head, measure) else { return nil }
        let withheld = WithheldChains(ledger)
        return try write(audience, number, after: after, to: head, withheld) { changes, bytes, _ in
            changes >= measure.changes || bytes >= measure.bytes
        }
    }

    /// The same file once more.
    ///
    /// - Returns: the segment, under another name where a signature that came later leads to other bytes.
    func again(_ segment: Segment) throws -> Segment? {
        guard let audience = try ledger.name(ofAudience: segment.audience) else { return nil }
        let withheld = WithheldChains(ledger, given: segment.singly)
        let again = try write(
            audience, segment.audience, after: segment.after, to: try ledger.head(), withheld
        ) { _, _, through in through >= segment.through }
        return again?.through == segment.through ? again : nil
    }

    private func write(
        _ audience: AudienceID, _ number: Int64, after: Position, to head: Position,
        _ withheld: WithheldChains, until isOver: (_ changes: Int, _ bytes: Int, Position) -> Bool
    ) throws -> Segment? {
        let deliveries = Deliveries(ledger: ledger, limit: batchEntries, withheld: withheld)
        var lane = PullPlan.Lane(audience: audience, have: after, end: head)
        var (changes, size) = (0, 0)
        var whole: Segment?
        try folder.write(draft: ".cut", to: whole?.hash.description) { write in
            var hasher = SHA256.Hasher()
            repeat {
                let delivery = try deliveries.lane(lane)
                // What ends at the head is not full.
                guard delivery.through < head else { return }
                let bytes = Frame.deliver(delivery).bytes
                guard size + bytes.count <= ProtocolLimits.segmentBytes else { return }
                try write(bytes)
                hasher.update(bytes)
                changes += delivery.batch.entries.count
                size += bytes.count
                lane.have = delivery.through
            } while !isOver(changes, size, lane.have)
            guard let hash = ChangeHash(bytes: hasher.finalize().bytes) else { return }
            whole = Segment(
                audience: number, after: after, through: lane.have, changes: changes, size: size, hash: hash,
                singly: withheld.replicas)
        }
        return whole
    }
}
