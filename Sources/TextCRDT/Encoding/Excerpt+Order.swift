/// The order in which events are written: a function of the events and their parents alone.
extension Excerpt {
    /// A chain: consecutive events of one agent, each made on the one before it, as many as there are. Where
    /// all parents of its first event are written, it is written whole; of several the lowest id goes first.
    static func order(of graph: CausalGraph, without known: [Range<Int>]) -> [Range<Int>] {
        let pieces = Self.pieces(of: graph, without: known)
        var chains = Chains(pieces, graph)
        return chains.ordered()
    }

    /// The runs of the graph without those that are known, none of which is in two runs.
    private static func pieces(of graph: CausalGraph, without known: [Range<Int>]) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var next = 0
        for run in graph.runs.indices {
            let events = graph.events(of: run)
            var start = events.lowerBound
            while next < known.count, known[next].upperBound <= start { next += 1 }
            var index = next
            while index < known.count, known[index].lowerBound < events.upperBound {
                if known[index].lowerBound > start { pieces.append(start..<known[index].lowerBound) }
                start = max(start, known[index].upperBound)
                index += 1
            }
            if start < events.upperBound { pieces.append(start..<events.upperBound) }
        }
        return pieces
    }
}

private struct Chains {
    private let graph: CausalGraph
    private let pieces: [Range<Int>]
    /// For each piece that which goes on with it, and whether it goes on with one.
    private var next: [Int?]
    private var isContinuation: [Bool]
    /// For each piece the pieces that begin a chain and wait for it, and for how many each waits.
    private var waiting: [[Int]]
    private var missing: [Int]

    init(_ pieces: [Range<Int>], _ graph: CausalGraph) {
        self.pieces = pieces
        self.graph = graph
        next = Array(repeating: nil, count: pieces.count)
        isContinuation = Array(repeating: false, count: pieces.count)
        waiting = Array(repeating: [], count: pieces.count)
        missing = Array(repeating: 0, count: pieces.count)
        for piece in pieces.indices { link(piece) }
    }

    private mutating func link(_ piece: Int) {
        let run = graph.run(of: pieces[piece].lowerBound)
        guard pieces[piece].lowerBound == graph.events(of: run).lowerBound else { return }
        let parents = graph.parents(ofRun: run)
        for parent in parents {
            guard let other = self.piece(of: Int(parent)) else { continue }
            let end = pieces[other].upperBound - 1
            if parents.count == 1, Int(parent) == end, next[other] == nil {
                if graph.id(of: pieces[piece].lowerBound).follows(graph.id(of: end)) {
                    next[other] = piece
                    isContinuation[piece] = true
                    return
                }
            }
            waiting[other].append(piece)
            missing[piece] += 1
        }
    }

    private func piece(of event: Int) -> Int? {
        let piece = pieces.partitioningIndex { $0.lowerBound > event } - 1
        return piece >= 0 && pieces[piece].contains(event) ? piece : nil
    }

    mutating func ordered() -> [Range<Int>] {
        var ready = LowestFirst(graph)
        for piece in pieces.indices where !isContinuation[piece] && missing[piece] == 0 {
            ready.insert(piece, pieces[piece].lowerBound)
        }
        var order: [Range<Int>] = []
        while let first = ready.removeLowest() {
            var piece: Int? = first
            while let current = piece {
                order.append(pieces[current])
                for waiter in waiting[current] {
                    missing[waiter] -= 1
                    if missing[waiter] == 0 { ready.insert(waiter, pieces[waiter].lowerBound) }
                }
                piece = next[current]
            }
        }
        return order
    }
}

/// A heap of pieces by the id of their first event.
private struct LowestFirst {
    private let graph: CausalGraph
    private var heap: [(id: TextEventID, piece: Int)] = []

    init(_ graph: CausalGraph) { self.graph = graph }

    mutating func insert(_ piece: Int, _ event: Int) {
        heap.append((graph.id(of: event), piece))
        var child = heap.count - 1
        while child > 0, heap[child].id < heap[(child - 1) / 2].id {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeLowest() -> Int? {
        guard let lowest = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return lowest.piece }
        heap[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { return lowest.piece }
            if child + 1 < heap.count, heap[child + 1].id < heap[child].id { child += 1 }
            guard heap[child].id < heap[parent].id else { return lowest.piece }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
