import TextCRDT

/// The engine as it reads in the papers, one record for each scalar: slow, and plain enough to believe.
///
/// It answers what `TextHistory` answers. It checks nothing: a test hands it what that one took.
struct SimpleHistory {
    /// What `MergedText` says.
    struct Merged: Equatable {
        var text: [Unicode.Scalar] = []
        var spans: [Span] = []
        var overlaps: [TextOverlap] = []
    }

    struct Span: Equatable {
        var range: Range<Int>
        var event: TextEventID
    }

    private(set) var heads: [TextEventID] = []
    var graph = SimpleGraph()
    var replay = SimpleReplay()

    mutating func add(_ event: Event) {
        let version = self.version(of: event.parents)
        replay.move(to: version, in: graph)
        graph.append(event.id, parents: version)
        replay.apply(event.operations, of: graph.count - 1, in: graph)
        heads = graph.heads.map { graph.ids[$0] }.sorted()
    }

    func text(at version: [TextEventID]) -> [Unicode.Scalar] {
        text(of: replay.present(in: self.version(of: version), of: graph))
    }

    func text(of nodes: [Int]) -> [Unicode.Scalar] {
        nodes.map { replay.sequence.nodes[$0].scalar }
    }

    private func version(of ids: [TextEventID]) -> [Int] {
        graph.version(of: ids.compactMap(graph.index))
    }
}

extension SimpleHistory.Merged {
    init(_ merged: MergedText) {
        text = Array(merged.text.unicodeScalars)
        spans = merged.spans.map { SimpleHistory.Span(range: $0.range, event: $0.event) }
        overlaps = merged.overlaps
    }
}
