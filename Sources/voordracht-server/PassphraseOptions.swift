import ArgumentParser
import Foundation
import Glibc
import SyncServer

/// Where a passphrase comes from. Never an argument: those are seen by every user of the machine.
struct PassphraseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file whose first line is the passphrase; otherwise VOORDRACHT_PASSPHRASE, otherwise a line of "
                + "the standard input.", valueName: "file"))
    var passphraseFile: String?

    func read(_ words: Words) throws -> [UInt8] {
        let text: String?
        if let file = passphraseFile {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw AdministrationError(.fileMissing, file, place: file)
            }
            guard let whole = String(validating: [UInt8](data), as: UTF8.self) else {
                throw AdministrationError(.fileText, file, place: file)
            }
            text = whole.split(separator: "\n", omittingEmptySubsequences: false).first.map { String($0) }
        } else if let set = ProcessInfo.processInfo.environment["VOORDRACHT_PASSPHRASE"] {
            text = set
        } else {
            text = Self.asked(words)
        }
        guard let text, !text.isEmpty else { throw AdministrationError(.passphraseMissing) }
        return Array(text.utf8)
    }

    /// A line of the standard input; at a terminal it is asked for and not shown.
    private static func asked(_ words: Words) -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return readLine() }
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else { return nil }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown) }
        Terminal.write(words("Wachtwoordzin:", "Passphrase:"), to: .standardError)
        return readLine()
    }
}
