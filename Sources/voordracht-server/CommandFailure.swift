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
            var line = Self.sentence(message)
            // The words of some errors name what could have been meant already.
            if let first = suggestions.first, !message.contains(first), !remedy.contains(first) {
                line += " " + suggestions.joined(separator: " · ") + "."
            }
            text = "\(line) \(remedy)"
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
        if let error = error as? NominationError {
            let wording = error.wording(language)
            return (error.code.rawValue, wording.message, wording.remedy, "", error.suggestions)
        }
        let error = AdministrationError(error)
        var (message, remedy) = (error.message, error.remedy)
        if language == .dutch {
            if let failure = AdministrationFailure(rawValue: error.code) {
                (message, remedy) = failure.dutch(error.subject)
            } else if let wording = MessageCode.wording(ofCode: error.code, .dutch) {
                (message, remedy) = (wording.message, wording.remedy)
            } else if let words = EngineWords.dutch(error.code) {
                // The engine's own sentence says which file or which value it was.
                message = "\(open(words.message)) (\(open(error.message)))."
                remedy = words.remedy
            }
        }
        return (error.code, message, remedy, error.place, error.suggestions)
    }

    private static func open(_ sentence: String) -> Substring {
        sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...]
    }

    private static func sentence(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.hasSuffix(".") ? line : line + "."
    }
}
