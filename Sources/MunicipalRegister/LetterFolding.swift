/// Folds letters to `a`-`z`: case and diacritics go, by a table, so that the result depends on no locale, no
/// version of Unicode and not on the normal form (precomposed or combining) of the input.
enum LetterFolding {
    /// The letters of Latin-1 and Latin Extended-A, by range of scalars.
    private static let table: [(ClosedRange<UInt32>, StaticString)] = [
        (0xC0...0xC5, "a"), (0xC6...0xC6, "ae"), (0xC7...0xC7, "c"), (0xC8...0xCB, "e"), (0xCC...0xCF, "i"),
        (0xD0...0xD0, "d"), (0xD1...0xD1, "n"), (0xD2...0xD6, "o"), (0xD8...0xD8, "o"), (0xD9...0xDC, "u"),
        (0xDD...0xDD, "y"), (0xDE...0xDE, "th"), (0xDF...0xDF, "ss"), (0xE0...0xE5, "a"), (0xE6...0xE6, "ae"),
        (0xE7...0xE7, "c"), (0xE8...0xEB, "e"), (0xEC...0xEF, "i"), (0xF0...0xF0, "d"), (0xF1...0xF1, "n"),
        (0xF2...0xF6, "o"), (0xF8...0xF8, "o"), (0xF9...0xFC, "u"), (0xFD...0xFD, "y"), (0xFE...0xFE, "th"),
        (0xFF...0xFF, "y"), (0x100...0x105, "a"), (0x106...0x10D, "c"), (0x10E...0x111, "d"),
        (0x112...0x11B, "e"), (0x11C...0x123, "g"), (0x124...0x127, "h"), (0x128...0x131, "i"),
        (0x132...0x133, "ij"), (0x134...0x135, "j"), (0x136...0x138, "k"), (0x139...0x142, "l"),
        (0x143...0x14B, "n"), (0x14C...0x151, "o"), (0x152...0x153, "oe"), (0x154...0x159, "r"),
        (0x15A...0x161, "s"), (0x162...0x167, "t"), (0x168...0x173, "u"), (0x174...0x175, "w"),
        (0x176...0x178, "y"), (0x179...0x17E, "z"), (0x17F...0x17F, "s"), (0x218...0x219, "s"),
        (0x21A...0x21B, "t"),
    ]

    /// The marks that combine with the letter before them.
    private static let combiningMarks: ClosedRange<UInt32> = 0x300...0x36F

    /// Appends the folded form of one scalar, and says whether it was part of a word.
    ///
    /// Apostrophes and full stops vanish (`N.H.` is `nh`); letters outside the table keep their UTF-8 bytes;
    /// whatever else is below U+0080 separates words.
    static func fold(_ scalar: Unicode.Scalar, into bytes: inout [UInt8]) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x61...0x7A:
            bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        case 0x41...0x5A:
            bytes.append(UInt8(truncatingIfNeeded: scalar.value + 0x20))
        case 0x27, 0x2E, 0x60, 0xB4, 0x2018, 0x2019, combiningMarks:
            return true
        case 0...0x7F, 0xA0, 0xAD, 0x2000...0x206F:
            return false
        case let value:
            if let (_, letters) = table.first(where: { $0.0.contains(value) }) {
                letters.withUTF8Buffer { bytes.append(contentsOf: $0) }
            } else {
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return true
    }

    /// The folded words of a text.
    static func words(_ text: some StringProtocol) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        for scalar in text.unicodeScalars where !fold(scalar, into: &word) {
            if !word.isEmpty { words.append(word) }
            word.removeAll(keepingCapacity: true)
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// Words joined by one space.
    static func joined(_ words: some Sequence<[UInt8]>) -> [UInt8] {
        Array(words.joined(separator: [UInt8(ascii: " ")]))
    }
}
