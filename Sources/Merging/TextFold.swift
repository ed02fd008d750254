import ChangeLog
import TextCRDT

/// Folds a text: every character stays, with its author; where two people wrote in one place at once,
/// that is a conflict until somebody who saw both accepts it.
struct TextFold {
    let record: RecordID
    let name: FieldName
    /// In the order of `Rank`.
    let steps: [Step]

    func merged() -> MergedField {
        let graph = TextGraph(steps)
        let text = graph.history.merged()
        let conflicts = self.conflicts(of: text, graph)
        let isPending = steps.contains(where: \.isPending)
        return MergedField(
            name: name, policy: .text, value: graph.events.isEmpty ? nil : .text(text.text),
            state: !conflicts.isEmpty ? .disputed : isPending ? .pending : .settled,
            conflicts: conflicts, history: events(of: text, graph))
    }

    /// One for each pair of changes that meet, where they meet first.
    private func conflicts(of text: MergedText, _ graph: TextGraph) -> [Conflict] {
        var steps: [ChangeID: Step] = [:]
        for event in graph.events { steps[event.step.change] = event.step }
        let accepted = self.accepted
        let scalars = Array(text.text.unicodeScalars)
        var seen: Set<[ChangeID]> = []
        var conflicts: [Conflict] = []
        for overlap in text.overlaps {
            let pair = overlap.events.map(\.change)
            let sides = pair.compactMap { steps[$0] }
            guard seen.insert(pair).inserted, sides.count == 2,
                !accepted.contains(where: { $0.settles(sides) })
            else { continue }
            let words = text.words(around: overlap.offset, in: scalars)
            let candidates = sides.map { Candidate($0, .edit, value: words[$0.change]) }
            conflicts.append(
                Conflict(
                    id: "\(record).\(name):\(Hexadecimal.text(TextCheck(pair).value.bigEndianBytes))",
                    record: record, field: name, policy: .text, kind: .text, base: nil,
                    candidates: candidates.sorted(by: Candidate.isBefore), shown: pair[0],
                    rule: .bothStand, offset: overlap.offset))
        }
        return conflicts.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    }

    private struct Acceptance {
        let step: Step
        let changes: Set<ChangeID>

        func settles(_ sides: [Step]) -> Bool {
            sides.allSatisfy { changes.contains($0.change) && step.sees($0) }
        }
    }

    private var accepted: [Acceptance] {
        steps.compactMap { step in
            guard case .accept(_, _, let settling) = step.operation else { return nil }
            return Acceptance(step: step, changes: Set(settling))
        }
    }

    private func events(of text: MergedText, _ graph: TextGraph) -> [FieldEvent] {
        let ignored = Set(graph.events.filter { !$0.isUnderstood }.map(\.step.change))
        let standing = Set(text.spans.map(\.event.change))
        return steps.map { step in
            guard case .edit(_, _, _, let operations) = step.operation else {
                return FieldEvent(step, .shown)
            }
            if ignored.contains(step.change) { return FieldEvent(step, .ignored) }
            let inserts = operations.contains { operation in
                if case .insert = operation { true } else { false }
            }
            return FieldEvent(step, inserts && !standing.contains(step.change) ? .removed : .shown)
        }
    }
}

extension MergedText {
    /// What stands directly before and after an offset, by the change that wrote it; `scalars` are
    /// those of the text.
    fileprivate func words(around offset: Int, in scalars: [Unicode.Scalar]) -> [ChangeID: Value] {
        let next = spans.split { $0.range.lowerBound < offset }
        var words: [ChangeID: Value] = [:]
        for span in spans[max(next - 1, 0)..<min(next + 1, spans.count)] {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars[span.range])
            words[span.event.change] = .text(String(text))
        }
        return words
    }
}
