import Foundation

/// The arguments as the shell gave them.
enum Arguments {
    static let malformed = "An argument is not UTF-8. Type it again."

    /// Swift repairs bad bytes before anybody sees them; a name that was meant would be another.
    static var areUTF8: Bool {
        for index in 0..<Int(CommandLine.argc) {
            guard let argument = CommandLine.unsafeArgv[index] else { continue }
            let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument))
            if String(validating: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self) == nil { return false }
        }
        return true
    }

    /// What is said about wrong use: the parser's own words, or a document when JSON was asked for.
    static func usage(_ text: String, _ arguments: some Sequence<String>) -> String {
        guard arguments.contains("--json") else { return text }
        let first = text.split(separator: "\n").first.map(String.init) ?? text
        let message = first.hasPrefix("Error: ") ? String(first.dropFirst(7)) : first
        return CommandFailure.document(
            code: "usage", message: message, place: "", remedy: "See --help.", suggestions: []
        ).text
    }
}
