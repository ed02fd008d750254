/// Which nominees a folded name, alias or code can mean.
struct NameIndex: Sendable {
    /// One way of writing one nominee.
    struct Entry: Sendable {
        let nominee: Nominee
        /// The writing, for a suggestion.
        let text: String
        /// The period it belongs to; nil for an alias, a code-free id and all of a region.
        let period: Municipality.Period?
        /// The folded words, joined by spaces.
        let key: [UInt8]
    }

    /// Every writing of a name, municipalities first, in the order of the register.
    let entries: [Entry]
    private let byName: [[UInt8]: [Int]]
    private let byBase: [[UInt8]: [Int]]
    private let byCode: [[UInt8]: [Int]]

    init(municipalities: [Municipality], regions: [Region], aliases: [Alias]) {
        var entries: [Entry] = []
        var byBase: [[UInt8]: [Int]] = [:]
        var byCode: [[UInt8]: [Int]] = [:]
        for municipality in municipalities {
            for period in municipality.periods {
                let base = Self.base(of: period.name)
                byBase[base, default: []].append(entries.count)
                byCode[Array(period.code.utf8), default: []].append(entries.count)
                let key = Self.key(LetterFolding.words(period.name))
                let nominee = Nominee.municipality(municipality)
                entries.append(Entry(nominee: nominee, text: period.name, period: period, key: key))
            }
        }
        for region in regions {
            byCode[Array(region.code.utf8), default: []].append(entries.count)
            let (words, _) = Self.withoutKind(LetterFolding.words(region.name))
            let nominee = Nominee.region(region)
            entries.append(Entry(nominee: nominee, text: region.name, period: nil, key: Self.key(words)))
        }
        for alias in aliases {
            guard let index = byCode[Array(alias.code.utf8)]?.first else { continue }
            let key = Self.key(LetterFolding.words(alias.text))
            let nominee = entries[index].nominee
            entries.append(Entry(nominee: nominee, text: alias.text, period: nil, key: key))
        }
        self.entries = entries
        self.byBase = byBase
        self.byCode = byCode
        byName = Dictionary(grouping: entries.indices) { entries[$0].key }
    }

    /// Entries written exactly so.
    func named(_ key: [UInt8]) -> [Entry] { (byName[key] ?? []).map { entries[$0] } }

    /// Municipalities whose name is so, apart from a suffix in parentheses.
    func based(_ key: [UInt8]) -> [Entry] { (byBase[key] ?? []).map { entries[$0] } }

    /// Entries with a code in its full form, such as `GM0545` or `CR38`.
    func coded(_ code: [UInt8]) -> [Entry] { (byCode[code] ?? []).map { entries[$0] } }

    /// Words as a key: "st" is written out, since people abbreviate it in names of municipalities.
    static func key(_ words: [[UInt8]]) -> [UInt8] {
        LetterFolding.joined(words.map { $0 == Array("st".utf8) ? Array("sint".utf8) : $0 })
    }

    private static func base(of name: String) -> [UInt8] {
        key(LetterFolding.words(name.prefix { $0 != "(" }))
    }

    /// Takes opening words such as "gemeente" or "veiligheidsregio" away, and says what the first asks for.
    static func withoutKind(_ words: [[UInt8]]) -> (words: [[UInt8]], wanted: Wanted) {
        var rest = words[...]
        if rest.count > 2, rest.first == Array("de".utf8), wanted(rest[1]) != .anything { rest.removeFirst() }
        var asked = Wanted.anything
        while rest.count > 1, let first = rest.first, wanted(first) != .anything {
            if asked == .anything { asked = wanted(first) }
            rest.removeFirst()
        }
        return asked == .anything ? (words, .anything) : (Array(rest), asked)
    }

    /// What a query asks for by its first word.
    enum Wanted: Equatable {
        case anything
        case municipality
        case region(Region.Kind?)
    }

    private static func wanted(_ word: [UInt8]) -> Wanted {
        switch String(decoding: word, as: UTF8.self) {
        case "gemeente", "gem", "municipality": .municipality
        case "regio", "region": .region(nil)
        case "corop", "coropgebied": .region(.corop)
        case "arbeidsmarktregio": .region(.arbeidsmarktregio)
        case "veiligheidsregio": .region(.veiligheidsregio)
        default: .anything
        }
    }
}
