/// The provinces and the ways in which they stand behind a name, as in "Hengelo (O.)".
enum Province {
    private static let writings: [(name: String, folded: [String])] = [
        ("Drenthe", ["drenthe", "dr", "d"]),
        ("Flevoland", ["flevoland", "fl"]),
        ("Fryslân", ["fryslan", "friesland", "fr", "f"]),
        ("Gelderland", ["gelderland", "gld", "gd", "g"]),
        ("Groningen", ["groningen", "gr"]),
        ("Limburg", ["limburg", "lb", "lim", "l"]),
        ("Noord-Brabant", ["noord brabant", "brabant", "nb", "nbr"]),
        ("Noord-Holland", ["noord holland", "nh"]),
        ("Overijssel", ["overijssel", "ov", "o"]),
        ("Utrecht", ["utrecht", "ut", "u"]),
        ("Zeeland", ["zeeland", "zl", "z"]),
        ("Zuid-Holland", ["zuid holland", "zh"]),
    ]

    /// The province that folded words stand for.
    static func named(_ words: [[UInt8]]) -> String? {
        let key = LetterFolding.joined(words)
        return writings.first { $0.folded.contains { Array($0.utf8) == key } }?.name
    }
}
