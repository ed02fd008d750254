import Glibc
import VoordrachtClient

/// Where results and errors go: results on standard output, all else on standard error, each line at
/// once, since a script may be waiting for it. There is no colour and no progress bar to switch off.
struct Terminal {
    static let standard = Terminal()

    /// Writes a line of results.
    func say(_ line: String) { write(line, to: STDOUT_FILENO) }

    /// Writes an error: one line, or one document.
    func fail(_ failure: Failure, isJSON: Bool) {
        if isJSON {
            let document: JSON = ["error": failure.json]
            write(document.text, to: STDERR_FILENO)
        } else {
            write(failure.line, to: STDERR_FILENO)
        }
    }

    private func write(_ line: String, to descriptor: Int32) {
        var rest = Array(line.utf8 + [10])[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                // Nobody reads any more; there is no one left to tell.
                return
            }
            rest = rest.dropFirst(written)
        }
    }
}

extension Failure {
    /// One line, without line breaks.
    var line: String { ErrorLine.text(message, place: place, remedy: remedy, suggestions: suggestions) }

    /// What is wrong, where, and then what to do about it.
    var sentence: String { ErrorLine.sentences(message, place: place, remedy: remedy) }
}
