import Glibc

/// The folder of a server: database, keys, certificates, configuration, lock and socket.
///
/// It belongs to its owner alone (0700), as do the files in it (0600). A file is replaced as a whole or
/// not at all, and is on the disk when `write` returns.
public struct DataFolder: Hashable, Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    /// The longest file that is read, bytes.
    static let fileLimit = 1 << 20

    /// Makes the folder, and those above it; one that exists must be empty.
    ///
    /// - Throws: `folder.taken`, `folder.unusable`.
    public static func create(_ path: String) throws(AdministrationError) -> DataFolder {
        let folder = DataFolder(path)
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            guard mkdir(made, 0o700) == 0 || errno == EEXIST else { throw folder.failure(made) }
        }
        guard try folder.names().isEmpty else {
            throw AdministrationError(.folderTaken, path, place: path)
        }
        guard chmod(path, 0o700) == 0 else { throw folder.failure(path) }
        return folder
    }

    public func path(of name: String) -> String { "\(path)/\(name)" }

    public func has(_ name: String) -> Bool { access(path(of: name), F_OK) == 0 }

    /// The names of what is in the folder, in rising order of bytes.
    public func names() throws(AdministrationError) -> [String] {
        guard let directory = opendir(path) else { throw failure(path) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    public func read(_ name: String) throws(AdministrationError) -> [UInt8] {
        let descriptor = open(path(of: name), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path(of: name)) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            guard count >= 0 else { throw failure(path(of: name)) }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= Self.fileLimit else {
                throw AdministrationError(.folderDamaged, path(of: name), place: path(of: name))
            }
        }
    }

    public func readText(_ name: String) throws(AdministrationError) -> String {
        guard let text = String(validating: try read(name), as: UTF8.self) else {
            throw AdministrationError(.folderDamaged, path(of: name), place: path(of: name))
        }
        return text
    }

    /// Replaces the file, or makes it; it is durable on return.
    public func write(_ bytes: [UInt8], to name: String) throws(AdministrationError) {
        do {
            try write(to: name) { write in try write(bytes) }
        } catch let error as AdministrationError { throw error } catch {
            throw AdministrationError(.failed, "\(error)", place: path(of: name))
        }
    }

    /// The same with bytes that come in pieces.
    func write(to name: String, _ body: (_ write: ([UInt8]) throws -> Void) throws -> Void) throws {
        try write(draft: ".\(name).new", to: name, body)
    }

    /// The same with a name that is asked for once the bytes are there; nil for a file that is not to be.
    func write(
        draft: String, to name: @autoclosure () -> String?,
        _ body: (_ write: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        let new = path(of: draft)
        let descriptor = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(new) }
        var isOpen = true
        defer { if isOpen { close(descriptor) } }
        guard fchmod(descriptor, 0o600) == 0 else { throw failure(new) }
        try body { bytes in
            var written = 0
            while written < bytes.count {
                let count = bytes[written...].withUnsafeBytes {
                    Glibc.write(descriptor, $0.baseAddress, $0.count)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw failure(new) }
                written += count
            }
        }
        guard let name = name() else {
            unlink(new)
            return
        }
        guard fsync(descriptor) == 0 else { throw failure(new) }
        isOpen = false
        guard close(descriptor) == 0 else { throw failure(new) }
        guard rename(new, path(of: name)) == 0 else { throw failure(new) }
        try synchronize()
    }

    /// Begins the name of a copy of the database that a backup is made from.
    static let snapshotPrefix = ".snapshot-"

    /// Takes away what backups left that were cut short.
    func removeSnapshots() throws(AdministrationError) {
        for name in try names() where name.hasPrefix(Self.snapshotPrefix) { try remove(name) }
    }

    public func write(_ text: String, to name: String) throws(AdministrationError) {
        try write(Array(text.utf8), to: name)
    }

    /// A new name in a folder is durable only once the folder itself is synced.
    private func synchronize() throws(AdministrationError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    /// Empties a folder that was just made, and removes it, so that making it can be tried again.
    func discard() {
        // What cannot be removed is told by the next try: the folder is not empty then.
        for name in (try? names()) ?? [] { unlink(path(of: name)) }
        rmdir(path)
    }

    func remove(_ name: String) throws(AdministrationError) {
        guard unlink(path(of: name)) == 0 || errno == ENOENT else { throw failure(path(of: name)) }
    }

    private func failure(_ place: String) -> AdministrationError {
        AdministrationError(system: errno, place: place)
    }
}
