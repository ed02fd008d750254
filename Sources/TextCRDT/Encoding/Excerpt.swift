/// Events of a text in an order of their own, with names of their own: what a file holds.
///
/// Events and scalars are numbered from 0 in the order in which they stand. What they refer to and do not hold
/// is *foreign*, and named by the event that made it.
struct Excerpt {
    struct Run {
        var id: TextEventID
        var count: Int
        /// Where its parents stand in `parents`.
        var parents: Range<Int>
    }

    /// Scalars that are held elsewhere: consecutive ones of one event, from an offset on, or stepwise that one
    /// and the first ones of the events that follow by number.
    struct Foreign: Hashable {
        var event: TextEventID
        var offset: Int
        var count: Int
        var isStepwise: Bool
    }

    /// Names from this one on are of foreign scalars: the edge is none of them.
    static let firstForeign: UInt32 = 1 << 31

    var runs: [Run] = []
    /// Numbers of events; of foreign ones -1 less their number.
    var parents: [Int] = []
    var foreignEvents: [TextEventID] = []
    var foreignScalars: [Foreign] = []
    var insertions: [EditLog.Insertion] = []
    var deletions: [EditLog.Deletion] = []
    var scalars = ScalarStore()

    var eventCount = 0

    func scalars(of insertion: Int) -> Range<Int> {
        Int(
            insertions[insertion].scalar)..<(insertion + 1 < insertions.count
            ? Int(insertions[insertion + 1].scalar) : scalars.count)
    }

    static func isForeign(_ name: UInt32) -> Bool { name >= firstForeign && name != EditLog.edge }
}
