/// How many letters differ between two words (optimal string alignment: insert, delete, replace, swap two).
public enum EditDistance {
    /// All of these words, the most alike first; equally distant ones as they stand.
    ///
    /// Capitals do not count.
    public static func sorted(_ words: [String], by text: String) -> [String] {
        let meant = Array(text.lowercased().utf8)
        let distances = words.map { word in
            let letters = Array(word.lowercased().utf8)
            return between(letters, meant, atMost: max(letters.count, meant.count)) ?? Int.max
        }
        return words.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }.map { words[$0] }
    }

    /// Those that could be a slip of the pen for this text: a third of the letters wrong at most.
    public static func near(_ words: [String], to text: String) -> [String] {
        let meant = Array(text.lowercased().utf8)
        let limit = max(1, meant.count / 3)
        return sorted(words, by: text).filter {
            between(Array($0.lowercased().utf8), meant, atMost: limit) != nil
        }
    }

    /// The distance, or nil where it is more than the limit.
    static func between(_ left: [UInt8], _ right: [UInt8], atMost limit: Int) -> Int? {
        guard abs(left.count - right.count) <= limit else { return nil }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var next = [row + 1]
            next.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                let replaced = last[column] + (letter == other ? 0 : 1)
                var best = min(replaced, last[column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                next.append(best)
            }
            (beforeLast, last) = (last, next)
        }
        return last[right.count] <= limit ? last[right.count] : nil
    }
}
