/// Events of a text in an order of their own, with names of their own: what a file holds.
///
/// Events and scalars are numbered from 0 in the order in which they stand. What they refer to and do not hold
/// is *foreign*, and named by the event that made it.
struct Excerpt {
    struct Run {
        let id: TextEventID
        private var size: UInt32
        /// Where its parents begin in `parents`; they end where those of the next one begin.
        let firstParent: UInt32

        init(_ id: TextEventID, count: Int, firstParent: Int) {
            self.id = id
            size = UInt32(count)
            self.firstParent = UInt32(firstParent)
        }

        var count: Int {
            get { Int(size) }
            set { size = UInt32(newValue) }
        }
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
    var parents: [Int32] = []
    var foreignEvents: [TextEventID] = []
    var foreignScalars: [Foreign] = []
    var insertions: [EditLog.Insertion] = []
    var deletions: [EditLog.Deletion] = []
    var scalars = ScalarStore()

    var eventCount = 0

    func parents(ofRun index: Int) -> ArraySlice<Int32> {
        let end = index + 1 < runs.count ? Int(runs[index + 1].firstParent) : parents.count
        return parents[Int(runs[index].firstParent)..<end]
    }

    func scalars(of insertion: Int) -> Range<Int> {
        Int(
            insertions[insertion].scalar)..<(insertion + 1 < insertions.count
            ? Int(insertions[insertion + 1].scalar) : scalars.count)
    }

    static func isForeign(_ name: UInt32) -> Bool { name >= firstForeign && name != EditLog.edge }
}
