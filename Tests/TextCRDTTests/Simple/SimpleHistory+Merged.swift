import TextCRDT

extension SimpleHistory {
    func merged() -> Merged {
        let deleters = self.deleters()
        var visible: [Int] = []
        var overlaps: [TextOverlap] = []
        var dead: [Int] = []
        for node in replay.sequence.inOrder() {
            guard deleters[node] == nil else {
                dead.append(node)
                continue
            }
            if let last = visible.last, overlap(last, node, around: dead, deleters) {
                let events = [last, node].map { graph.ids[replay.sequence.nodes[$0].event] }
                overlaps.append(TextOverlap(events: events.sorted(), offset: visible.count))
            }
            visible.append(node)
            dead.removeAll()
        }
        return Merged(text: text(of: visible), spans: spans(of: visible), overlaps: overlaps)
    }

    /// For each scalar that was deleted, the events that did it.
    private func deleters() -> [Int: [Int]] {
        var deleters: [Int: [Int]] = [:]
        for (event, effect) in replay.effects.enumerated() {
            for node in effect.deleted { deleters[node, default: []].append(event) }
        }
        return deleters
    }

    private func spans(of nodes: [Int]) -> [Span] {
        var spans: [Span] = []
        var start = 0
        for offset in nodes.indices {
            let event = replay.sequence.nodes[nodes[offset]].event
            if offset + 1 < nodes.count, replay.sequence.nodes[nodes[offset + 1]].event == event { continue }
            spans.append(Span(range: start..<offset + 1, event: graph.ids[event]))
            start = offset + 1
        }
        return spans
    }

    /// Whether two neighbours of the merged text, with these deleted scalars between them, overlap.
    private func overlap(_ first: Int, _ second: Int, around dead: [Int], _ deleters: [Int: [Int]]) -> Bool {
        let nodes = replay.sequence.nodes
        let pair = (nodes[first].event, nodes[second].event)
        guard pair.0 != pair.1, graph.ids[pair.0].agent != graph.ids[pair.1].agent else { return false }
        guard graph.areConcurrent(pair.0, pair.1) else { return false }
        func sawBoth(_ event: Int) -> Bool {
            graph.isAncestor(pair.0, of: event) && graph.isAncestor(pair.1, of: event)
        }
        return !dead.contains { node in
            let author = nodes[node].event
            return graph.isAncestor(author, of: pair.0) && graph.isAncestor(author, of: pair.1)
                && (deleters[node] ?? []).allSatisfy(sawBoth)
        }
    }
}
