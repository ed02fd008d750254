/// A message and what to do about it, in one language.
public struct Wording: Hashable, Sendable {
    /// What is the matter, in one sentence.
    public let message: String
    /// What a person can do about it, in one sentence.
    public let remedy: String

    init(_ message: String, _ remedy: String) {
        self.message = message
        self.remedy = remedy
    }

    /// Whether the remedy asks to report what happened, in the words that the program has for it.
    public var asksForReport: Bool { remedy.contains("deze tekst") || remedy.contains("this message") }

    /// The wording with `{0}`, `{1}`, … replaced by the arguments; a missing one leaves a dash.
    ///
    /// An argument is put in as it is: braces in it mean nothing.
    public func filled(_ arguments: [String]) -> Wording {
        Wording(Self.fill(message, arguments), Self.fill(remedy, arguments))
    }

    private static func fill(_ template: String, _ arguments: [String]) -> String {
        var text = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { break }
            text += rest[..<open]
            let number = Int(rest[rest.index(after: open)..<close])
            text += number.flatMap { arguments.indices.contains($0) ? arguments[$0] : nil } ?? "–"
            rest = rest[rest.index(after: close)...]
        }
        return text + rest
    }
}

extension MessageCode {
    /// The wording of this code, with places for its arguments.
    public func wording(_ language: Language) -> Wording {
        let table = language == .dutch ? Self.dutch : Self.english
        // The tests prove that both tables are complete.
        return table[self] ?? Wording(rawValue, "")
    }

    /// The wording of a reason that came from the rules or the server, in a person's language.
    ///
    /// nil for a code of another module, whose English text is then all there is.
    public static func wording(ofCode code: String, _ language: Language) -> Wording? {
        MessageCode(rawValue: code)?.wording(language).filled([])
    }
}
