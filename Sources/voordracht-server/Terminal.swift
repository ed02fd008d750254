import Foundation

/// Lines on the two outputs, written at once: a script waits for some of them.
enum Terminal {
    static func write(_ text: String, to handle: FileHandle) {
        let line = text.hasSuffix("\n") ? text : text + "\n"
        // Whoever closed the other end wants no more lines; the work is done all the same.
        try? handle.write(contentsOf: Data(line.utf8))
    }
}
