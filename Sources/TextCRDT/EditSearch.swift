/// Finds a short list of edits between two sequences of tokens, within bounds on time and memory.
///
/// Source: Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), the greedy forward search.
enum EditSearch {
    /// What stands in `old` gives way to what stands in `new`.
    struct Edit: Equatable {
        var old: Range<Int>
        var new: Range<Int>

        var size: Int { max(old.count, new.count) }
    }

    /// Most single insertions and deletions that one search may find. The steps of a search are at most twice
    /// this times the length of the text, and nearly always far fewer.
    private static let longestScript = 512

    /// The edits in ascending order, with something unchanged between each two.
    static func edits(from old: [Int], to new: [Int], lineBreaks: Set<Int>) -> [Edit] {
        Self.joined(fragments(from: old, to: new, lineBreaks: lineBreaks))
    }

    /// Joins edits with no more unchanged between them than either of them changes: letters that two
    /// different words happen to share are no reason to mend one into the other.
    private static func joined(_ fragments: [Edit]) -> [Edit] {
        var edits: [Edit] = []
        for var edit in fragments {
            while let last = edits.last,
                edit.old.lowerBound - last.old.upperBound <= min(last.size, edit.size)
            {
                edit.old = last.old.lowerBound..<edit.old.upperBound
                edit.new = last.new.lowerBound..<edit.new.upperBound
                edits.removeLast()
            }
            edits.append(edit)
        }
        return edits
    }

    private static func fragments(from old: [Int], to new: [Int], lineBreaks: Set<Int>) -> [Edit] {
        let whole = Self.trimmed(Edit(old: 0..<old.count, new: 0..<new.count), old, new)
        if let edits = shortest(from: old, to: new, within: whole) { return edits }
        let oldLines = Self.lines(of: old, within: whole.old, lineBreaks)
        let newLines = Self.lines(of: new, within: whole.new, lineBreaks)
        guard let coarse = changedLines(from: oldLines, of: old, to: newLines, of: new) else {
            return [whole]
        }
        return coarse.flatMap { edit in
            let part = Self.trimmed(edit, old, new)
            return shortest(from: old, to: new, within: part) ?? [part]
        }
    }

    /// The edit without what is equal at its start and at its end.
    private static func trimmed(_ edit: Edit, _ old: [Int], _ new: [Int]) -> Edit {
        var edit = edit
        while let left = edit.old.first, let right = edit.new.first, old[left] == new[right] {
            edit.old.removeFirst()
            edit.new.removeFirst()
        }
        while let left = edit.old.last, let right = edit.new.last, old[left] == new[right] {
            edit.old.removeLast()
            edit.new.removeLast()
        }
        return edit
    }

    private static func lines(
        of tokens: [Int], within range: Range<Int>, _ breaks: Set<Int>
    ) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = range.lowerBound
        for index in range where breaks.contains(tokens[index]) {
            lines.append(start..<index + 1)
            start = index + 1
        }
        if start < range.upperBound { lines.append(start..<range.upperBound) }
        return lines
    }

    /// The edits between two texts taken as lines, in terms of their tokens.
    private static func changedLines(
        from oldLines: [Range<Int>], of old: [Int], to newLines: [Range<Int>], of new: [Int]
    ) -> [Edit]? {
        guard let oldStart = oldLines.first?.lowerBound, let newStart = newLines.first?.lowerBound else {
            return nil
        }
        var numbers: [ArraySlice<Int>: Int] = [:]
        func numbered(_ lines: [Range<Int>], of tokens: [Int]) -> [Int] {
            lines.map { line in
                let number = numbers[tokens[line], default: numbers.count]
                numbers[tokens[line]] = number
                return number
            }
        }
        let oldNumbers = numbered(oldLines, of: old)
        let newNumbers = numbered(newLines, of: new)
        let whole = Edit(old: 0..<oldNumbers.count, new: 0..<newNumbers.count)
        let part = Self.trimmed(whole, oldNumbers, newNumbers)
        func tokens(_ range: Range<Int>, _ lines: [Range<Int>], from start: Int) -> Range<Int> {
            func bound(_ index: Int) -> Int { index == 0 ? start : lines[index - 1].upperBound }
            return bound(range.lowerBound)..<bound(range.upperBound)
        }
        return shortest(from: oldNumbers, to: newNumbers, within: part)?.map { edit in
            Edit(
                old: tokens(edit.old, oldLines, from: oldStart),
                new: tokens(edit.new, newLines, from: newStart))
        }
    }

    /// The edits of a shortest script, or nil when it is out of bounds.
    private static func shortest(from old: [Int], to new: [Int], within part: Edit) -> [Edit]? {
        if part.old.isEmpty && part.new.isEmpty { return [] }
        if part.old.isEmpty || part.new.isEmpty { return [part] }
        guard let trace = search(old[part.old], new[part.new]) else { return nil }
        return Self.edits(from: trace, ending: part)
    }

    /// For each number of edits the farthest point in `old` reached on each diagonal *before* that step;
    /// diagonal k, where the point in `new` is k less, is at index k + number. Nil when out of bounds.
    private static func search(_ old: ArraySlice<Int>, _ new: ArraySlice<Int>) -> [[Int]]? {
        let limit = min(Self.longestScript, old.count + new.count)
        var farthest = [Int](repeating: 0, count: 2 * limit + 3)
        let centre = limit + 1
        var trace: [[Int]] = []
        for script in 0...limit {
            trace.append(Array(farthest[centre - script...centre + script]))
            for diagonal in stride(from: -script, through: script, by: 2) {
                let down = Self.goesDown(
                    diagonal, script, farthest[centre + diagonal - 1],
                    farthest[centre + diagonal + 1])
                var x = down ? farthest[centre + diagonal + 1] : farthest[centre + diagonal - 1] + 1
                while x < old.count, x - diagonal < new.count,
                    old[old.startIndex + x] == new[new.startIndex + x - diagonal]
                {
                    x += 1
                }
                farthest[centre + diagonal] = x
                if x >= old.count && x - diagonal >= new.count { return trace }
            }
        }
        return nil
    }

    /// Whether the best way onto a diagonal is an insertion; otherwise it is a deletion.
    private static func goesDown(_ diagonal: Int, _ script: Int, _ below: Int, _ above: Int) -> Bool {
        diagonal == -script || (diagonal != script && below < above)
    }

    /// Walks the trace back from the end and joins single edits that touch.
    private static func edits(from trace: [[Int]], ending part: Edit) -> [Edit] {
        var edits: [Edit] = []
        var (x, y) = (part.old.count, part.new.count)
        for script in (1..<trace.count).reversed() {
            let row = trace[script]
            let diagonal = x - y
            // Index 0 of the row is diagonal -script; its outermost entries were not reached yet.
            let below = diagonal > -script ? row[diagonal - 1 + script] : 0
            let above = diagonal < script ? row[diagonal + 1 + script] : 0
            let down = goesDown(diagonal, script, below, above)
            let fromX = down ? above : below
            let fromY = fromX - (down ? diagonal + 1 : diagonal - 1)
            let old = part.old.lowerBound + fromX..<part.old.lowerBound + fromX + (down ? 0 : 1)
            let new = part.new.lowerBound + fromY..<part.new.lowerBound + fromY + (down ? 1 : 0)
            if let last = edits.last, last.old.lowerBound == old.upperBound,
                last.new.lowerBound == new.upperBound
            {
                edits[edits.count - 1] = Edit(
                    old: old.lowerBound..<last.old.upperBound, new: new.lowerBound..<last.new.upperBound)
            } else {
                edits.append(Edit(old: old, new: new))
            }
            (x, y) = (fromX, fromY)
        }
        return edits.reversed()
    }
}
