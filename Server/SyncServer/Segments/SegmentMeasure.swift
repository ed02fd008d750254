/// How much a segment has: it ends with the frame with which it comes to either.
///
/// A few hundred kilobytes: much beside what a request costs, and little to fetch again where it was damaged.
package struct SegmentMeasure: Hashable, Sendable {
    package var changes: Int
    package var bytes: Int

    package init(changes: Int = 4096, bytes: Int = 1 << 20) {
        self.changes = changes
        self.bytes = bytes
    }
}
