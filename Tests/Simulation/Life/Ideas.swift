import ChangeLog
import Merging
import TextCRDT

/// What can be done with what is on a screen.
struct Ideas {
    let screen: Screen
    let habits: Habits

    /// One edit, sometimes two, of one record; none where nothing can be done.
    func some(_ random: inout SplitMix64, _ tokens: inout Tokens) -> [Player.Idea] {
        guard screen.kind != nil else { return create(&random, &tokens) }
        guard screen.isVisible else {
            return random.chance(50) ? [idea(.restore, .restore(screen.record, settling: []))] : []
        }
        if random.chance(habits.removals) {
            return [idea(.remove, .remove(screen.record, settling: settlingPresence))]
        }
        if screen.kind == SimulatedDomain.comment {
            return [write(SimulatedDomain.title, .register, &tokens)]
        }
        var ideas = [one(&random, &tokens)]
        if random.chance(15) { ideas.append(one(&random, &tokens)) }
        // Two edits of one text in one change would have to count on each other's indexes.
        let isTwice = ideas.count == 2 && ideas[0].operation.field == ideas[1].operation.field
        return isTwice ? [ideas[0]] : ideas
    }

    private var settlingPresence: [ChangeID] {
        screen.conflicts.first { $0.field == nil }?.settling ?? []
    }

    private func create(_ random: inout SplitMix64, _ tokens: inout Tokens) -> [Player.Idea] {
        // Even numbers are comments in the note before them, where there may be none yet.
        let number = screen.record.bits.low
        let isComment = number.isMultiple(of: 2)
        let parent = isComment ? SimulatedDomain.record(Int(number) - 1) : nil
        let kind = isComment ? SimulatedDomain.comment : SimulatedDomain.note
        return [
            idea(.create, .create(screen.record, kind: kind, parent: parent, key: nil)),
            write(SimulatedDomain.title, .register, &tokens),
        ]
    }

    private func one(_ random: inout SplitMix64, _ tokens: inout Tokens) -> Player.Idea {
        switch habits.deed(&random) {
        case .title: return write(SimulatedDomain.title, .register, &tokens)
        case .order: return write(SimulatedDomain.order, .quiet, &tokens)
        case .colour: return write(SimulatedDomain.colour, .register, &tokens)
        case .delivery: return write(SimulatedDomain.delivery, .register, &tokens)
        case .forbidden:
            let text = tokens.next() + "!"
            return idea(
                .write(SimulatedDomain.title, text),
                .write(screen.record, SimulatedDomain.title, .register, .text(text)))
        case .remark: return append(&tokens)
        case .stage: return decide(&tokens)
        case .tag: return tag(&random)
        case .text: return text(&random, &tokens)
        }
    }

    private func idea(_ deed: Oracle.Deed, _ operation: Operation) -> Player.Idea {
        Player.Idea(deed: deed, operation: .operation(operation))
    }

    private func write(_ field: FieldName, _ policy: WritePolicy, _ tokens: inout Tokens) -> Player.Idea {
        let text = tokens.next()
        return idea(.write(field, text), .write(screen.record, field, policy, .text(text)))
    }

    private func append(_ tokens: inout Tokens) -> Player.Idea {
        let text = tokens.next()
        return idea(
            .append(text), .write(screen.record, SimulatedDomain.remarks, .appendOnly, .text(text)))
    }

    private func decide(_ tokens: inout Tokens) -> Player.Idea {
        let text = tokens.next()
        return idea(.decide(text), .write(screen.record, SimulatedDomain.stage, .decided, .text(text)))
    }

    private func tag(_ random: inout SplitMix64) -> Player.Idea {
        let tag = "tag\(random.below(4))"
        if screen.tags[tag] != nil, random.chance(habits.takes) {
            return idea(.take(tag), .take(screen.record, SimulatedDomain.tags, .text(tag)))
        }
        return idea(.insert(tag), .insert(screen.record, SimulatedDomain.tags, .text(tag)))
    }

    /// Types a word between two words, or erases one.
    private func text(_ random: inout SplitMix64, _ tokens: inout Tokens) -> Player.Idea {
        let scalars = Array(screen.text.unicodeScalars)
        let ends = scalars.indices.filter { scalars[$0] == "»" }
        if let end = ends.randomElement(using: &random), random.chance(30),
            let start = scalars[..<end].lastIndex(of: "«")
        {
            let word = String(String.UnicodeScalarView(scalars[start...end]))
            return Player.Idea(
                deed: .erase(word),
                operation: .edits(
                    screen.record, SimulatedDomain.body, [.delete(at: start, count: end + 1 - start)]))
        }
        let places = [0] + ends.map { $0 + 1 }
        let (word, place) = (tokens.next(), places[random.below(places.count)])
        return Player.Idea(
            deed: .type(word),
            operation: .edits(screen.record, SimulatedDomain.body, [.insert(at: place, text: word)]))
    }
}
