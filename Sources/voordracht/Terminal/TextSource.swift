import Foundation
import Glibc
import VoordrachtClient

/// A text that comes as an argument, in a file, or on standard input (`-`).
enum TextSource {
    /// What is read of a file at most, bytes: well above the longest text, so that a file without an end
    /// is noticed.
    private static let largest = 16 << 20

    /// The whole file as it is.
    ///
    /// - Throws: `FaceError` `fileMissing`, `fileUnreadable`, `fileText` or `textTooLarge`.
    static func text(inFile path: String) throws -> String {
        guard let text = String(validating: try bytes(inFile: path), as: UTF8.self) else {
            throw FaceError(.fileText, [path])
        }
        return text
    }

    private static func bytes(inFile path: String) throws(FaceError) -> [UInt8] {
        let isInput = path == "-"
        let descriptor = isInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FaceError(errno == ENOENT ? .fileMissing : .fileUnreadable, [path])
        }
        defer { if !isInput { close(descriptor) } }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FaceError(.fileUnreadable, [path]) }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= largest else { throw FaceError(.textTooLarge, [path]) }
        }
    }

    /// The text itself, or that of the file; nil where there is neither.
    static func text(_ text: String?, file: String?) throws -> String? {
        if let text { return text }
        return try file.map { try Self.text(inFile: $0) }
    }

    /// - Throws: `FaceError.fileUnwritable`.
    static func write(_ text: String, toFile path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch { throw FaceError(.fileUnwritable, [path]) }
    }
}
