import Nominations
import SyncServer

/// What a command says when it did not do its work: one line, or a document.
struct CommandFailure: Error {
    let text: String

    init(_ error: any Error, options: CommonOptions) {
        let (code, message, remedy, place, suggestions) = Self.parts(of: error, options.words.language)
        if options.json {
            let document = Self.document(
                code: code, message: message, place: place, remedy: remedy, suggestions: suggestions)
            text = document.text
        } else {
            text = ErrorLine.text(message, place: place, remedy: remedy, suggestions: suggestions)
        }
    }

    static func document(
        code: String, message: String, place: String, remedy: String, suggestions: [String]
    ) -> JSONDocument {
        .object([
            (
                "error",
                .object([
                    ("code", .string(code)), ("message", .string(message)), ("where", .string(place)),
                    ("remedy", .string(remedy)), ("suggestions", .texts(suggestions)),
                ])
            )
        ])
    }

    private static func parts(
        of error: any Error, _ language: Language
    ) -> (code: String, message: String, remedy: String, place: String, suggestions: [String]) {
        if let placed = error as? PlacedError {
            let parts = parts(of: placed.error, language)
            return (parts.code, parts.message, parts.remedy, placed.place, parts.suggestions)
        }
        if let error = error as? NominationError {
            let wording = error.wording(language)
            return (error.code.rawValue, wording.message, wording.remedy, "", error.suggestions)
        }
        let error = AdministrationError(error)
        guard language == .dutch, let (message, remedy) = dutch(error) else {
            return (error.code, error.message, error.remedy, error.place, error.suggestions)
        }
        return (error.code, message, remedy, error.place, error.suggestions)
    }

    /// nil for a code that only a newer server knows.
    private static func dutch(_ error: AdministrationError) -> (String, String)? {
        if let failure = AdministrationFailure(rawValue: error.code) { return failure.dutch(error.subject) }
        if let code = MessageCode(rawValue: error.code) {
            let wording = code.wording(.dutch).filled(error.arguments)
            return (wording.message, wording.remedy)
        }
        return EngineWords.dutch(error.code)
    }
}
