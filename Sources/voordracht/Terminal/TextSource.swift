import Foundation
import VoordrachtClient

/// A text that comes as an argument, in a file, or on standard input (`-`).
enum TextSource {
    /// The whole file as it is.
    ///
    /// - Throws: `FaceError` `fileUnreadable` or `fileText`.
    static func text(inFile path: String) throws -> String {
        let data: Data
        do {
            data =
                path == "-"
                ? FileHandle.standardInput.readDataToEndOfFile()
                : try Data(contentsOf: URL(fileURLWithPath: path))
        } catch { throw FaceError(.fileUnreadable, [path], cause: error) }
        guard let text = String(validating: data, as: UTF8.self) else { throw FaceError(.fileText, [path]) }
        return text
    }

    /// The text itself, or that of the file; nil where there is neither.
    static func text(_ text: String?, file: String?) throws -> String? {
        if let text { return text }
        return try file.map { try Self.text(inFile: $0) }
    }

    /// - Throws: `FaceError.fileUnreadable`.
    static func write(_ text: String, toFile path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch { throw FaceError(.fileUnwritable, [path], cause: error) }
    }
}
