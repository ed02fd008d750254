import ChangeLog
import SyncProtocol

/// The body of one frame of any kind: what can be read is written in one form only.
///
/// A batch may be told in more than one way (its dictionary in another order, a number told though it
/// follows): there the form that is written must be read as the same batch, and written alike again.
enum FrameTarget {
    static func check(_ bytes: [UInt8]) throws {
        let frame: Frame
        do {
            frame = try Frame(body: bytes)
        } catch {
            return
        }
        let written = frame.bytes
        try promise(
            written.prefix(4).reduce(0) { $0 << 8 | Int($1) } == written.count - 4,
            "a frame says another length than it has")
        switch frame {
        case .push(let batch), .offer(let batch): try check(batch)
        case .deliver(let delivery): try check(delivery.batch)
        case .want(let want):
            try promise(Array(written.dropFirst(4)) == bytes, "a want is written in other bytes")
            try promise(want.held.allSatisfy { $0.have <= $0.end }, "a lane beyond its end")
        default:
            try promise(Array(written.dropFirst(4)) == bytes, "a frame is written in other bytes: \(frame)")
        }
        try promise(written.count <= ProtocolLimits.frameBytes, "a frame of \(written.count) bytes")
        let again = try Frame(body: Array(written.dropFirst(4)))
        try promise(again == frame, "a frame reads back as another: \(frame)")
        try promise(again.bytes == written, "a frame is written in two forms: \(frame)")
    }

    /// What a server keeps of a batch is its changes in canonical form.
    private static func check(_ batch: Batch) throws {
        var size = 0
        for change in batch.entries.compactMap(\.change) {
            let bytes = change.canonicalBytes
            size += change.contentBytes.count
            try promise(size <= ProtocolLimits.contentBytes, "contents of \(size) bytes in one batch")
            guard bytes.count <= Limits.changeBytes else { continue }
            try promise(try Change(canonicalBytes: bytes) == change, "a change of a batch is kept as another")
        }
    }
}
