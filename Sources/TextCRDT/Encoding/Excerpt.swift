/// Events of a text in an order of their own, with names of their own: what a file holds.
///
/// Events and scalars are numbered from 0 in the order in which they stand. What they refer to and do not hold
/// is *foreign*, and named by the event that made it.
struct Excerpt {
    struct Run {
        let sequence: UInt64
        /// The number of its agent.
        let agent: UInt32
        private var size: UInt32
        /// Where its parents begin in `parents`; they end where those of the next one begin.
        let firstParent: UInt32

        init(of agent: Int, _ sequence: UInt64, count: Int, firstParent: Int) {
            self.agent = UInt32(agent)
            self.sequence = sequence
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

    var agents: [TextAgent] = []
    var runs: [Run] = []
    /// Numbers of events; of foreign ones -1 less their number.
    var parents: [Int32] = []
    var foreignEvents: [TextEventID] = []
    var foreignScalars: [Foreign] = []
    var insertions: [EditLog.Insertion] = []
    var deletions: [EditLog.Deletion] = []
    var scalars = ScalarStore()
    /// Of the scalars in the insertions, where it is known.
    var index: BlockIndex?

    var eventCount = 0

    /// The first event of a run.
    func id(of run: Run) -> TextEventID {
        TextEventID(agent: agents[Int(run.agent)], sequence: run.sequence)
    }

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
