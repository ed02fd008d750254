import Testing
import TextCRDT

struct EncodingTests {
    private static let shapes: [DeepHistory.Shape] = [
        .init(replicas: 1, steps: 30), .init(replicas: 3, steps: 40),
        .init(replicas: 8, steps: 60, merges: 2),
        .init(replicas: 2, steps: 80, merges: 15, piece: 6),
    ]

    private func deep(_ seed: UInt64) throws -> DeepHistory {
        try DeepHistory(seed: seed, Self.shapes[Int(seed % UInt64(Self.shapes.count))])
    }

    @Test("What was written is read, in every form, and the same whatever the order of arrival")
    func wholeHistories() throws {
        for seed in Environment.histories.first..<Environment.histories.first + Environment.histories.count
            / 4
        {
            var deep = try deep(seed)
            let merged = deep.history.merged()
            let bytes = deep.history.encoded()
            let other = try TextHistory(deep.shuffled())
            #expect(other.encoded() == bytes, "seed \(seed)")
            var options = TextHistory.EncodingOptions()
            options.isCompressed = false
            options.cachesText = true
            let plain = deep.history.encoded(options)
            #expect(try TextHistory.cachedText(in: plain)?.utf8.elementsEqual(merged.text.utf8) == true)
            #expect(try TextHistory.cachedText(in: bytes) == nil)
            for file in [bytes, plain] {
                var read = try TextHistory(encoded: file)
                #expect(read.merged() == merged, "seed \(seed)")
                #expect(read.heads == deep.history.heads, "seed \(seed)")
                #expect(read.encoded() == bytes, "seed \(seed)")
                let event = deep.events[deep.events.count / 2]
                let text = try deep.history.text(at: [event.id])
                #expect(try read.text(at: [event.id]).utf8.elementsEqual(text.utf8), "seed \(seed)")
                // What goes on from a file goes on as if it had always been there.
                let id = TextEventID(agent: TextAgent(high: 1, low: 1), sequence: 1)
                let more = Event(id: id, parents: [event.id], operations: [.insert(at: 0, text: "!")])
                var here = deep.history
                try here.add(more)
                try read.add(more)
                #expect(read.merged() == here.merged(), "seed \(seed)")
                #expect(read.replay?.tree.brokenInvariant() == nil, "seed \(seed)")
            }
        }
    }

    /// "abc" is one run of a file, and X hangs in the middle of it.
    @Test(
        "What somebody put behind half of a run stands before or behind the rest, by its author",
        arguments: [1, 3])
    func halfARun(other: UInt64) throws {
        var typist = try Writer(2)
        try typist.type("a", at: 0)
        var inserter = try Writer(other, knowing: typist.events)
        try typist.type("bc", at: 1)
        try inserter.edit(.insert(at: 1, text: "X"))
        let history = try TextHistory(merging: [typist, inserter])
        #expect(history.text == (other < 2 ? "aXbc" : "abcX"))
        #expect(try TextHistory(encoded: history.encoded()).text == history.text)
    }

    @Test("Without deleted text the text is the same, and old versions have the same length")
    func withoutDeletedText() throws {
        for seed in 1...200 as ClosedRange<UInt64> {
            let deep = try deep(seed)
            var options = TextHistory.EncodingOptions()
            options.keepsDeletedText = false
            let read = try TextHistory(encoded: deep.history.encoded(options))
            #expect(read.merged() == deep.history.merged(), "seed \(seed)")
            for event in deep.events.suffix(3) {
                #expect(
                    try read.length(at: [event.id]) == deep.history.length(at: [event.id]), "seed \(seed)")
            }
        }
    }

    @Test("Replicas that hand each other what is missing come to the same, in any order and more than once")
    func exchanges() throws {
        for seed in Environment.histories.first..<Environment.histories.first + Environment.histories.count
            / 4
        {
            var deep = try deep(seed)
            var random = SplitMix64(seed: seed)
            var replicas = [TextHistory](repeating: TextHistory(), count: 3)
            // Each gets a part of the events, in an order of its own.
            for replica in replicas.indices {
                for event in deep.shuffled() where Int.random(in: 0..<4, using: &random) > 0 {
                    guard event.parents.allSatisfy(replicas[replica].contains) else { continue }
                    try replicas[replica].add(event)
                }
            }
            for _ in 0..<12 {
                let (from, to) = (
                    Int.random(in: 0..<3, using: &random), Int.random(in: 0..<3, using: &random)
                )
                let shared = replicas[to].heads.filter(replicas[from].contains)
                let update = try replicas[from].encoded(since: shared)
                try replicas[to].merge(update)
                let once = replicas[to].merged()
                try replicas[to].merge(Bool.random(using: &random) ? update : replicas[from].encoded())
                #expect(replicas[to].merged() == once, "seed \(seed)")
                #expect(replicas[to].replay?.tree.brokenInvariant() == nil, "seed \(seed)")
            }
            let (a, b, c) = (replicas[0], replicas[1], replicas[2])
            var (left, right) = (a, b)
            try left.merge(b)
            try left.merge(c)
            try right.merge(c)
            try right.merge(a)
            #expect(left.merged() == right.merged(), "seed \(seed)")
            #expect(left.encoded() == right.encoded(), "seed \(seed)")
            var known = TextHistory()
            for event in deep.events where left.contains(event.id) { try known.add(event) }
            #expect(left.merged() == known.merged(), "seed \(seed)")
        }
    }

    @Test("An update that goes on from what is not here changes nothing")
    func missingEvents() throws {
        let deep = try deep(2)
        var behind = TextHistory()
        try behind.add(deep.events[0])
        let before = behind.encoded()
        let update = try deep.history.encoded(since: [deep.events[20].id])
        do {
            try behind.merge(update)
            Issue.record("taken")
        } catch {
            #expect(error.code == .unknownEvent)
        }
        #expect(behind.encoded() == before)
    }

    @Test("Damaged bytes are refused or read, and nothing else")
    func damagedBytes() throws {
        var random = SplitMix64(seed: 9)
        for seed in 1...60 as ClosedRange<UInt64> {
            let deep = try deep(seed)
            var options = TextHistory.EncodingOptions()
            options.isCompressed = seed % 2 == 0
            let bytes = deep.history.encoded(options)
            for _ in 0..<60 {
                var damaged = bytes
                damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
                if Bool.random(using: &random) {
                    damaged.removeLast(Int.random(in: 0..<bytes.count, using: &random))
                }
                guard var read = try? TextHistory(encoded: damaged) else { continue }
                _ = read.merged()
                _ = try? read.add(
                    Event(
                        id: TextEventID(agent: TextAgent(high: 5, low: 5), sequence: 1), parents: read.heads,
                        operations: [.insert(at: 0, text: "x")]))
                #expect(try TextHistory(encoded: read.encoded()).text == read.text, "seed \(seed)")
            }
        }
        #expect(throws: TextError.self) { try TextHistory(encoded: []) }
        #expect(throws: TextError.self) { try TextHistory(encoded: [0x56, 0x54, 2, 0]) }
    }
}
