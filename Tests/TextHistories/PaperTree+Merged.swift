import TextCRDT

/// What a merged text says beside its letters, as plainly as the definition of an overlap reads.
extension PaperTree {
    func authors() -> [TextEventID] { visible(in: all).map { ids[nodes[$0].event] } }

    func overlaps() -> [TextOverlap] {
        var overlaps: [TextOverlap] = []
        var last = Self.root
        var dead: [Int] = []
        var offset = 0
        for node in order {
            if nodes[node].deleters != 0 {
                dead.append(node)
                continue
            }
            if last != Self.root, overlap(nodes[last].event, nodes[node].event, around: dead) {
                let events = [ids[nodes[last].event], ids[nodes[node].event]].sorted()
                overlaps.append(TextOverlap(events: events, offset: offset))
            }
            (last, offset) = (node, offset + 1)
            dead.removeAll()
        }
        return overlaps
    }

    private func overlap(_ one: Int, _ other: Int, around dead: [Int]) -> Bool {
        let both = 1 << UInt64(one) | 1 << UInt64(other) as UInt64
        if ids[one].agent == ids[other].agent || (pasts[one] | pasts[other]) & both != 0 { return false }
        let common = pasts[one] & pasts[other]
        return !dead.contains { node in
            common >> UInt64(nodes[node].event) & 1 == 1
                && pasts.indices.allSatisfy { event in
                    nodes[node].deleters >> UInt64(event) & 1 == 0 || pasts[event] & both == both
                }
        }
    }
}
