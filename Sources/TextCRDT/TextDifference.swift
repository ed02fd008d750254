/// Turns a new text, as an editor hands it over, into operations on the old one.
public enum TextDifference {
    /// The operations that make `new` out of `old`, from the start of the text to its end.
    ///
    /// Equal inputs give equal operations. Edits in different places give separate operations; a replacement
    /// is a deletion and then an insertion at the same index. No operation divides an extended grapheme
    /// cluster of either text, as this platform's Unicode version sees clusters. The scalars of the result
    /// are exactly those of `new`: composed and decomposed letters differ. Not always the fewest edits: where
    /// the texts differ too much, whole lines are replaced, or in the end everything between the first and
    /// the last difference.
    public static func difference(from old: String, to new: String) -> [TextOperation] {
        var alphabet = ClusterAlphabet()
        let oldText = ClusteredText(old, in: &alphabet)
        let newText = ClusteredText(new, in: &alphabet)
        let edits = EditSearch.edits(
            from: oldText.tokens, to: newText.tokens, lineBreaks: alphabet.lineBreaks)
        var operations: [TextOperation] = []
        var shift = 0
        for edit in edits {
            let index = oldText.offsets[edit.old.lowerBound] + shift
            let deleted = oldText.offsets[edit.old.upperBound] - oldText.offsets[edit.old.lowerBound]
            let inserted = newText.offsets[edit.new.upperBound] - newText.offsets[edit.new.lowerBound]
            if deleted > 0 { operations.append(.delete(at: index, count: deleted)) }
            if inserted > 0 { operations.append(.insert(at: index, text: newText.text(edit.new))) }
            shift += inserted - deleted
        }
        return operations
    }
}

/// A text as numbers, one for each grapheme cluster, with the scalar offset of each.
private struct ClusteredText {
    let tokens: [Int]
    /// The offset at which each cluster starts, and at last the length.
    let offsets: [Int]
    private let clusters: [Character]

    init(_ text: String, in alphabet: inout ClusterAlphabet) {
        var tokens: [Int] = []
        var offsets = [0]
        var end = 0
        clusters = Array(text)
        for cluster in clusters {
            tokens.append(alphabet.token(for: cluster))
            end += cluster.unicodeScalars.count
            offsets.append(end)
        }
        self.tokens = tokens
        self.offsets = offsets
    }

    func text(_ range: Range<Int>) -> String { String(clusters[range]) }
}

/// Numbers for grapheme clusters: equal exactly when their scalars are.
private struct ClusterAlphabet {
    /// The numbers of clusters that end a line.
    private(set) var lineBreaks: Set<Int> = []
    private var composites: [[UInt8]: Int] = [:]

    mutating func token(for cluster: Character) -> Int {
        let scalars = cluster.unicodeScalars
        let token =
            if scalars.count == 1, let only = scalars.first {
                Int(only.value)
            } else {
                composite(Array(cluster.utf8))
            }
        if cluster.isNewline { lineBreaks.insert(token) }
        return token
    }

    private mutating func composite(_ bytes: [UInt8]) -> Int {
        if let known = composites[bytes] { return known }
        let token = 0x11_0000 + composites.count
        composites[bytes] = token
        return token
    }
}
