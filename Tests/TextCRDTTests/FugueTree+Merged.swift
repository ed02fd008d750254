import TextCRDT

/// What a merged text says, as plainly as the definition reads.
extension FugueTree {
    struct Meeting: Equatable {
        var events: [TextEventID]
        var offset: Int
    }

    func meetings(in version: [TextEventID]) -> [Meeting] {
        let seen = members(of: version)
        let all = walk(in: seen)
        let visible = visible(in: seen)
        var meetings: [Meeting] = []
        for offset in visible.indices.dropFirst() {
            let (first, second) = (visible[offset - 1], visible[offset])
            let (one, other) = (nodes[first].event, nodes[second].event)
            guard one.agent != other.agent else { continue }
            guard !pasts[one]!.contains(other), !pasts[other]!.contains(one) else { continue }
            let common = pasts[one]!.intersection(pasts[other]!)
            let between = all[all.firstIndex(of: first)! + 1..<all.firstIndex(of: second)!]
            let stands = between.contains { node in
                common.contains(nodes[node].event)
                    && nodes[node].deleters.allSatisfy { pasts[$0]!.isSuperset(of: [one, other]) }
            }
            if !stands { meetings.append(Meeting(events: [one, other].sorted(), offset: offset)) }
        }
        return meetings
    }

    func authors(in version: [TextEventID]) -> [TextEventID] {
        visible(in: members(of: version)).map { nodes[$0].event }
    }
}
