/// The Dutch alphabetical order of names, without ICU or locale.
///
/// "De Bilt" stands under B, "'s-Gravenhage" under G, "regio Midden-Limburg" under M; diacritics count for
/// nothing, `ij` is i and j, a space or hyphen comes before a letter, and what stands in parentheses decides only
/// between equal names ("Bergen (L.)" before "Bergen (NH.)" before "Bergen op Zoom").
public enum DutchCollation {
    /// Words that do not count when they open a name and another word follows.
    private static let leadingWords: [[UInt8]] = ["de", "den", "het", "t", "s", "it", "regio", "gemeente"]
        .map { Array($0.utf8) }

    /// The bytes by which names compare, lexicographically.
    ///
    /// The order is total: names that differ in any byte have different keys, because the last part of a key is
    /// the name's own UTF-8.
    public static func key(for name: String) -> [UInt8] {
        let (base, suffix) = split(name)
        var words = LetterFolding.words(base)[...]
        while words.count > 1, let first = words.first, leadingWords.contains(first) {
            words.removeFirst()
        }
        // 0 ends a part: it is below every byte that folding yields, so a shorter name comes first.
        var key = LetterFolding.joined(words)
        key.append(0)
        key += LetterFolding.joined(LetterFolding.words(suffix))
        key.append(0)
        key += Array(name.utf8)
        return key
    }

    /// Whether the left name comes strictly before the right one.
    public static func precedes(_ left: String, _ right: String) -> Bool {
        key(for: left).lexicographicallyPrecedes(key(for: right))
    }

    /// The elements in the Dutch order of their names; equal names keep their order.
    public static func sorted<Element>(_ elements: [Element], by name: (Element) -> String) -> [Element] {
        elements.enumerated()
            .map { (offset: $0.offset, key: key(for: name($0.element)), element: $0.element) }
            .sorted { left, right in
                if left.key == right.key { return left.offset < right.offset }
                return left.key.lexicographicallyPrecedes(right.key)
            }
            .map(\.element)
    }

    /// The part before the first parenthesis, and the rest.
    private static func split(_ name: String) -> (base: Substring, suffix: Substring) {
        let scalars = name.unicodeScalars
        guard let open = scalars.firstIndex(of: "(") else { return (name[...], "") }
        return (Substring(scalars[..<open]), Substring(scalars[open...]))
    }
}
