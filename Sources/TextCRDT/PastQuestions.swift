/// Whether events had been seen, for many questions that nobody has to have answered at once.
///
/// A few are answered by a walk into the past each. Where many branches are open at once such a walk passes all of them, so
/// more questions are answered together: one pass over the runs tells of each which of 256 events its author had seen, a
/// bit for each, and is the union of what is told of its parents.
struct PastQuestions {
    private typealias Seen = SIMD4<UInt64>

    private let graph: GraphView
    /// Of each an event, and the run before which it is to have been seen.
    private var asked: [(event: UInt32, run: UInt32)] = []
    /// The runs whose authors had not seen what they were asked for.
    private(set) var refuted: [Int] = []
    /// Of each run which of the events had been seen before it.
    private var seen: [Seen] = []
    private var hasAsked = ScalarSet()

    private static let few = 16
    private static let together = 256

    init(_ graph: GraphView) { self.graph = graph }

    /// Asks whether an event is in the past of what was made on the parents of a later run.
    mutating func ask(_ event: Int, before run: Int) {
        let question = (event: UInt32(truncatingIfNeeded: event), run: UInt32(truncatingIfNeeded: run))
        if let last = asked.last, last == question { return }
        asked.append(question)
        if asked.count == Self.together { answer() }
    }

    /// Answers what was asked.
    mutating func answer() {
        if asked.count <= Self.few {
            for (event, run) in asked {
                let parents = graph.all(graph.parentRange(ofRun: Int(run)))
                let isSeen = parents.contains { $0 == event || graph.isAncestor(Int(event), of: Int($0)) }
                if !isSeen { refuted.append(Int(run)) }
            }
        } else {
            asked.sort { ($0.event, $0.run) < ($1.event, $1.run) }
            pass()
            for (number, question) in asked.enumerated() {
                let seen = seen[Int(question.run)]
                if seen[number >> 6] >> UInt64(number & 63) & 1 == 0 { refuted.append(Int(question.run)) }
            }
        }
        asked.removeAll(keepingCapacity: true)
    }

    private mutating func pass() {
        if seen.isEmpty { seen = [Seen](repeating: .zero, count: graph.runs.count) }
        var (first, last) = (graph.runs.count, 0)
        hasAsked = ScalarSet()
        for (event, run) in asked {
            let owner = graph.run(of: Int(event))
            hasAsked.insert(owner..<owner + 1)
            (first, last) = (min(first, owner), max(last, Int(run)))
        }
        let (graph, asked, hasAsked) = (graph, asked, hasAsked)
        seen.withUnsafeMutableBufferPointer { seen in
            // Nothing that is asked for is before the first one.
            for run in first...last {
                var all = Seen.zero
                for parent in graph.all(graph.parentRange(ofRun: run)) {
                    let owner = graph.run(of: Int(parent))
                    if owner < first { continue }
                    all |= seen[owner]
                    if hasAsked.contains(owner) {
                        all |= Self.events(from: graph.runs[owner].first, through: parent, in: asked)
                    }
                }
                seen[run] = all
            }
        }
    }

    /// A bit for each question after some events.
    private static func events(
        from first: UInt32, through last: UInt32, in asked: [(event: UInt32, run: UInt32)]
    )
        -> Seen
    {
        var events = Seen.zero
        var number = asked.partitioningIndex { $0.event >= first }
        while number < asked.count, asked[number].event <= last {
            events[number >> 6] |= 1 << UInt64(number & 63)
            number += 1
        }
        return events
    }
}
