import Foundation
import Nominations

/// The arguments as the shell gave them.
enum Arguments {
    /// Swift repairs bad bytes before anybody sees them; a name that was meant would be another.
    static var areUTF8: Bool {
        for index in 0..<Int(CommandLine.argc) {
            guard let argument = CommandLine.unsafeArgv[index] else { continue }
            let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument))
            if String(validating: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self) == nil { return false }
        }
        return true
    }

    /// What is said about wrong use: one line, or a document when JSON was asked for.
    ///
    /// - Parameter sentence: of the argument parser, in English; nil for an argument that is not UTF-8.
    static func usage(_ sentence: String?, _ arguments: [String]) -> String {
        let language = Words(chosen(in: arguments)).language
        let isDutch = language == .dutch
        var message = isDutch ? "Een argument is geen UTF-8" : "An argument is not valid UTF-8"
        var remedy =
            isDutch
            ? "Stel de terminal in op UTF-8 en typ het opnieuw."
            : "Set the terminal to UTF-8 and type it again."
        if let sentence {
            message = isDutch ? UsageWording.dutch(sentence) : sentence
            remedy = UsageWording.remedy("voordracht-server", language)
        }
        guard arguments.contains("--json") else { return ErrorLine.text(message, remedy: remedy) }
        return CommandFailure.document(
            code: sentence == nil ? "usage.encoding" : "usage.arguments", message: message, place: "",
            remedy: remedy, suggestions: []
        ).text
    }

    /// What `--language` says, where the arguments as a whole cannot be understood.
    private static func chosen(in arguments: [String]) -> String? {
        let option = "--language"
        if let joined = arguments.last(where: { $0.hasPrefix(option + "=") }) {
            return String(joined.dropFirst(option.count + 1))
        }
        guard let index = arguments.firstIndex(of: option), index + 1 < arguments.count else { return nil }
        return arguments[index + 1]
    }
}
