/// Dutch for what the programs say about wrong use: sentences of the argument parser, which are English,
/// and the programs' own.
public enum UsageWording {
    /// The Dutch for an English sentence; the sentence itself where it is a new one.
    public static func dutch(_ sentence: String) -> String {
        let bare = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
        if let own = own[bare] { return own }
        for (english, dutch) in parser {
            if let values = values(of: bare, in: english) { return filled(dutch, values) }
        }
        return sentence
    }

    /// What to do, whatever it was.
    public static func remedy(_ program: String, _ language: Language) -> String {
        language == .dutch ? "Zie \(program) --help." : "See \(program) --help."
    }

    /// Sentences of `ValidationError` in the programs, without the stop at their ends.
    static let own = [
        "Missing --body or --body-file": "Geef --body of --body-file",
        "--watch and --dry-run exclude each other": "--watch en --dry-run gaan niet samen",
        "Give one of --keep, --value and --text-file": "Geef een van --keep, --value en --text-file",
        "A score is a criterion, = and a number from 1 to 5":
            "Een score is een criterium, = en een getal van 1 tot en met 5",
        "A remark needs a --score on the same criterion":
            "Een --remark vraagt om een --score op hetzelfde criterium",
        "Name a criterion, then = and what you think of it":
            "Noem een criterium, dan = en wat u ervan vindt",
        "Give --motivation, --advice, --score or --submit":
            "Geef --motivation, --advice, --score of --submit",
        "Name a nominee with --edition": "Noem bij --edition een genomineerde",
        "Name an entry, or give --all": "Noem een ingang, of geef --all",
        "Give a value or --file": "Geef een waarde of --file",
        "The limit is at least 1": "De grens is ten minste 1",
        "Give --name for a new person, or --for for one who is known":
            "Geef --name voor een nieuwe persoon, of --for voor wie al bekend is",
        "Give either --name or --for": "Geef --name of --for, niet beide",
        "--role and --organisation are for a new person; see person set-role":
            "--role en --organisation zijn voor een nieuwe persoon; zie person set-role",
        "Give the new person a --role": "Geef de nieuwe persoon een --role",
        "A member or contact works for an --organisation":
            "Een member of contact werkt bij een --organisation",
        "A link is valid for 1 to 365 days": "Een link is 1 tot 365 dagen geldig",
        "Give --after the id of a change": "Geef bij --after het nummer van een wijziging",
        "Give either --leaves or --position": "Geef --leaves of --position",
        "Give either --retired or --lost": "Geef --retired of --lost",
        "Give --field the name of a field": "Geef bij --field de naam van een veld",
        "The association has a name, or leave --association out":
            "De vereniging heeft een naam; laat --association anders weg",
    ]

    /// Sentences of ArgumentParser with `{}` for what they speak of, the more exact ones first.
    private static let parser = [
        ("Unknown option '{}'. Did you mean '{}'?", "De optie '{}' bestaat niet. Bedoelt u '{}'?"),
        ("Unknown option '{}'", "De optie '{}' bestaat niet"),
        ("Missing value for '{}'", "Bij '{}' ontbreekt een waarde"),
        (
            "The option '{}' does not take any value, but '{}' was specified",
            "De optie '{}' heeft geen waarde, maar kreeg '{}'"
        ),
        ("Unexpected argument '{}'", "Het argument '{}' is er een te veel"),
        ("{} unexpected arguments: '{}'", "{} argumenten zijn te veel: '{}'"),
        (
            "Value to be set with {} had already been set with {}",
            "Wat {} bepaalt was al bepaald met {}"
        ),
        ("Missing expected argument '{}'", "Het argument '{}' ontbreekt"),
        ("Missing one of: '{}'", "Een van deze ontbreekt: '{}'"),
        ("The value '{}' is invalid for '{}': {}", "De waarde '{}' past niet bij '{}': {}"),
        ("The value '{}' is invalid for '{}'. {}", "De waarde '{}' past niet bij '{}'"),
        ("The value '{}' is invalid for '{}'", "De waarde '{}' past niet bij '{}'"),
        ("Missing required subcommand", "Er ontbreekt een opdracht"),
        ("Invalid option: {}", "Deze optie bestaat niet: {}"),
    ]

    /// What stands in the places of `{}`; nil where the sentence is another.
    private static func values(of sentence: String, in template: String) -> [String]? {
        let parts = template.split(separator: "{}", omittingEmptySubsequences: false)
        guard sentence.hasPrefix(parts[0]) else { return nil }
        var rest = sentence.dropFirst(parts[0].count)
        var values: [String] = []
        for part in parts.dropFirst().dropLast() {
            guard let found = rest.firstRange(of: part) else { return nil }
            values.append(String(rest[..<found.lowerBound]))
            rest = rest[found.upperBound...]
        }
        guard let last = parts.dropFirst().last else { return rest.isEmpty ? [] : nil }
        guard rest.hasSuffix(last) else { return nil }
        return values + [String(rest.dropLast(last.count))]
    }

    private static func filled(_ template: String, _ values: [String]) -> String {
        var parts = template.split(separator: "{}", omittingEmptySubsequences: false)[...]
        var text = String(parts.removeFirst())
        for (value, part) in zip(values, parts) { text += value + part }
        return text
    }
}
