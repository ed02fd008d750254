/// What a person's words were found to mean.
public enum Lookup: Hashable, Sendable {
    /// Exactly one nominee.
    case found(Nominee)
    /// Several; the person has to choose. Municipalities first, each in Dutch order.
    case ambiguous([Nominee])
    /// None; these come nearest, the best first, at most ``MunicipalRegister/suggestionLimit``.
    case unknown([Suggestion])
}

/// A nominee whose name or alias resembles what was asked.
public struct Suggestion: Hashable, Sendable {
    /// The nominee.
    public let nominee: Nominee
    /// The writing that resembles the query; for an alias it differs from the name.
    public let text: String
}

extension MunicipalRegister {
    /// The most suggestions that a lookup gives.
    public static let suggestionLimit = 5
    /// The longest query that is looked at, in bytes of UTF-8; a longer one is unknown.
    public static let queryLimit = 200

    /// Finds what a person means by a name, a code or an id.
    ///
    /// Case, diacritics, hyphens and an opening "gemeente" or "regio" do not matter. A name of the past finds its
    /// municipality whatever the date; ``status(of:on:)`` tells what became of it. A municipality is preferred to
    /// a region of the same name, unless the query says "regio".
    ///
    /// - Parameters:
    ///   - query: "Delft", "Alphen aan de Rijn", "Bergen (L.)", "GM0545", "545", "regio Midden-Limburg", "CR38",
    ///     "m-GM0545".
    ///   - date: where several fit, those that bore the name or code on this day are preferred.
    ///   - regionKind: chooses between regions of the same name.
    public func find(_ query: String, on date: CivilDate? = nil, regionKind: Region.Kind? = nil) -> Lookup {
        guard query.utf8.count <= Self.queryLimit else { return .unknown([]) }
        if let id = NomineeID(text: query), let nominee = nominee(id) { return .found(nominee) }
        let (words, wanted) = NameIndex.withoutKind(LetterFolding.words(query))
        guard !words.isEmpty else { return .unknown([]) }

        let key = NameIndex.key(words)
        let readings: [() -> [NameIndex.Entry]] = [
            { entries(coded: words) }, { names.named(key) }, { names.based(key) },
            { entries(withProvince: words) },
        ]
        for reading in readings {
            let fitting = narrow(reading(), wanted: wanted, regionKind: regionKind, date: date)
            if fitting.count == 1 { return .found(fitting[0]) }
            if fitting.count > 1 { return .ambiguous(fitting) }
        }
        return .unknown(suggestions(for: key, wanted: wanted, regionKind: regionKind, on: date))
    }

    /// Entries for "gm0545", "0545", "545" or "cr38".
    private func entries(coded words: [[UInt8]]) -> [NameIndex.Entry] {
        guard words.count == 1, (1...6).contains(words[0].count) else { return [] }
        let digits = words[0].filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let letters = words[0].prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        guard !digits.isEmpty, letters.count + digits.count == words[0].count else { return [] }
        let width = letters.isEmpty || letters.elementsEqual("gm".utf8) ? 4 : 2
        guard digits.count <= width else { return [] }
        let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: width - digits.count)
        let prefix = letters.isEmpty ? Array("GM".utf8) : letters.map { $0 - 0x20 }
        return names.coded(prefix + zeros + digits)
    }

    /// Entries for "bergen limburg", "bergen nh" or "rijswijk zuid holland": a name and its province.
    private func entries(withProvince words: [[UInt8]]) -> [NameIndex.Entry] {
        for length in [2, 1] where words.count > length {
            guard let province = Province.named(Array(words.suffix(length))) else { continue }
            let found = names.based(NameIndex.key(Array(words.dropLast(length)))).filter { entry in
                entry.period.map { Array($0.province.utf8) == Array(province.utf8) } ?? false
            }
            if !found.isEmpty { return found }
        }
        return []
    }

    /// Keeps what the query asks for, then what fits the date best, each nominee once.
    private func narrow(
        _ candidates: [NameIndex.Entry], wanted: NameIndex.Wanted, regionKind: Region.Kind?, date: CivilDate?
    ) -> [Nominee] {
        var kept = candidates.filter { Self.fits($0.nominee, wanted: wanted, regionKind: regionKind) }
        let municipal = kept.filter { if case .municipality = $0.nominee { true } else { false } }
        if !municipal.isEmpty { kept = municipal }
        let current = kept.filter { entry in
            guard let date else { return entry.period?.until == nil }
            return entry.period?.contains(date) ?? true
        }
        if !current.isEmpty { kept = current }
        var seen: Set<NomineeID> = []
        return kept.map(\.nominee).filter { seen.insert($0.id).inserted }
    }

    private static func fits(_ nominee: Nominee, wanted: NameIndex.Wanted, regionKind: Region.Kind?) -> Bool {
        switch (nominee, wanted) {
        case (.municipality, .region): false
        case (.municipality, _): true
        case (.region, .municipality): false
        case (.region(let region), .region(let kind?)): region.kind == kind
        case (.region(let region), _): regionKind == nil || region.kind == regionKind
        }
    }

    /// Nominees whose writing differs in few letters, or begins with or contains the query as whole words.
    private func suggestions(
        for key: [UInt8], wanted: NameIndex.Wanted, regionKind: Region.Kind?, on date: CivilDate?
    ) -> [Suggestion] {
        let reach = max(2, key.count / 3)
        var ranked: [(distance: Int, later: Bool, entry: NameIndex.Entry)] = []
        for entry in names.entries where Self.fits(entry.nominee, wanted: wanted, regionKind: regionKind) {
            let distance = EditDistance.between(key, entry.key, atMost: reach)
            let partial = entry.key.starts(with: key) || Self.contains(entry.key, word: key)
            guard let best = partial ? min(1, distance ?? 1) : distance else { continue }
            let fitsDate = date.map { entry.period?.contains($0) ?? true } ?? (entry.period?.until == nil)
            ranked.append((best, !fitsDate, entry))
        }
        ranked = ranked.enumerated().sorted { left, right in
            (left.element.distance, left.element.later ? 1 : 0, left.offset)
                < (right.element.distance, right.element.later ? 1 : 0, right.offset)
        }.map(\.element)
        var seen: Set<NomineeID> = []
        let distinct = ranked.filter { seen.insert($0.entry.nominee.id).inserted }
        return distinct.prefix(Self.suggestionLimit).map {
            Suggestion(nominee: $0.entry.nominee, text: $0.entry.text)
        }
    }

    private static func contains(_ key: [UInt8], word: [UInt8]) -> Bool {
        key.split(separator: UInt8(ascii: " ")).contains { Array($0) == word }
    }
}
