import Foundation

/// The checkout that this test was compiled from.
struct Checkout {
    let root: URL
    /// Paths relative to the root, sorted: what git tracks or would track, else what lies there.
    let paths: [String]

    /// The checkout around this file; symbolic links in its path are followed.
    static let current = Checkout(
        root: URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent())

    init(root: URL) {
        self.root = root
        let listed = Self.trackedPaths(root) ?? Self.pathsOnDisk(root)
        paths = listed.filter { FileManager.default.isReadableFile(atPath: root.appending(path: $0).path) }
            .sorted()
    }

    /// Every Swift file, lexed once.
    static let swiftFiles: [SourceFile] = current.paths.filter { $0.hasSuffix(".swift") }
        .compactMap { path in current.text(path).map { SourceFile(path: path, text: $0) } }

    /// A file's text; nil where it is not UTF-8.
    func text(_ path: String) -> String? {
        // A file that cannot be read or is not UTF-8 is no text, and only texts have a style.
        guard let data = try? Data(contentsOf: root.appending(path: path)) else { return nil }
        return String(bytes: data, encoding: .utf8)
    }

    private static func trackedPaths(_ root: URL) -> [String]? {
        let git = Process()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.currentDirectoryURL = root
        git.arguments = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        let output = Pipe()
        git.standardOutput = output
        git.standardError = FileHandle.nullDevice
        // Without git, or outside a repository, the caller falls back to the file system.
        guard (try? git.run()) != nil else { return nil }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        git.waitUntilExit()
        guard git.terminationStatus == 0 else { return nil }
        return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func pathsOnDisk(_ root: URL) -> [String] {
        guard let all = FileManager.default.enumerator(atPath: root.path) else { return [] }
        return all.compactMap { $0 as? String }.filter { path in
            !path.split(separator: "/").contains { $0.hasPrefix(".build") || $0 == ".git" }
        }
    }
}

/// One breach of a rule: where, what is wrong, and what to do instead.
struct Finding: CustomStringConvertible, Equatable {
    let path: String
    let line: Int
    let wrong: String
    let instead: String

    var description: String { "\(path):\(line): \(wrong); \(instead)" }
}
