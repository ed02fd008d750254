/// Events of a text in an order of their own, with names of their own: what a file holds.
///
/// Events and scalars are numbered from 0 in the order in which they stand. What they refer to and do not hold
/// is *foreign*, and named by the event that made it.
struct Excerpt {
    /// Scalars that are held elsewhere: consecutive ones of one event, from an offset on, or stepwise that one
    /// and the first ones of the events that follow by number.
    struct Foreign: Hashable {
        var event: TextEventID
        var offset: Int
        var count: Int
        var isStepwise: Bool
    }

    /// Names from this one on are of foreign scalars, or events: the edge is none of them.
    static let firstForeign: UInt32 = 1 << 31

    var agents: [TextAgent] = []
    /// Runs of events, whose agents are numbers in `agents`. None goes on with the one before it.
    var runs: [CausalGraph.Run] = []
    /// Numbers of events, as the runs name them.
    var parents: [UInt32] = []
    var foreignEvents: [TextEventID] = []
    var foreignScalars: [Foreign] = []
    var insertions: [EditLog.Insertion] = []
    var deletions: [EditLog.Deletion] = []
    var scalars = ScalarStore()
    /// Of the scalars in the insertions, where it is known.
    var index: BlockIndex?
    /// What each insertion hangs on, where it is known.
    var hooks: [Hook] = []

    var eventCount = 0

    var refersToForeign: Bool { !foreignEvents.isEmpty || !foreignScalars.isEmpty }

    /// The first event of a run.
    func id(of run: CausalGraph.Run) -> TextEventID {
        TextEventID(agent: agents[Int(run.agent)], sequence: run.sequence)
    }

    func events(ofRun index: Int) -> Range<Int> {
        Int(runs[index].first)..<(index + 1 < runs.count ? Int(runs[index + 1].first) : eventCount)
    }

    func parents(ofRun index: Int) -> ArraySlice<UInt32> {
        let end = index + 1 < runs.count ? Int(runs[index + 1].parents) : parents.count
        return parents[Int(runs[index].parents)..<end]
    }

    func scalars(of insertion: Int) -> Range<Int> {
        Int(
            insertions[insertion].scalar)..<(insertion + 1 < insertions.count
            ? Int(insertions[insertion + 1].scalar) : scalars.count)
    }

    static func isForeign(_ name: UInt32) -> Bool { name >= firstForeign && name != EditLog.edge }
}
