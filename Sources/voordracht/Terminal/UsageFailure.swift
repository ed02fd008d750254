import VoordrachtClient

/// Wrong use of the program: it ends with 2.
enum UsageFailure {
    /// An argument is not UTF-8.
    case encoding
    /// The parser's own sentence, which is English.
    case arguments(String)

    func failure(in language: Language) -> Failure {
        switch self {
        case .encoding:
            Failure(
                code: "usage.encoding",
                message: language == .dutch
                    ? "Een argument is geen UTF-8" : "An argument is not valid UTF-8",
                remedy: language == .dutch
                    ? "Stel de terminal in op UTF-8, of geef de tekst in een bestand."
                    : "Set the terminal to UTF-8, or give the text in a file.")
        case .arguments(let message):
            Failure(
                code: "usage.arguments",
                message: language == .dutch ? UsageWording.dutch(message) : message,
                remedy: UsageWording.remedy("voordracht", language))
        }
    }

    /// The codes of errors that say that an argument has the wrong form.
    static let codes: Set<String> = ["view.malformed", "number.malformed", "date.malformed", "role.unknown"]
}
