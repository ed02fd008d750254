import Cryptography
import Foundation
import Glibc

/// The folder of a replica and what stands in it; only its owner can read any of it.
struct ReplicaFolder: Sendable {
    let path: String

    var database: String { path + "/replica.db" }
    var lock: String { path + "/sync.lock" }
    /// A file that is written after each commit, so that other processes notice.
    var signal: String { path + "/changed" }
    private var keyFile: String { path + "/device.key" }
    private var certificateFile: String { path + "/device.pem" }
    private var authorityFile: String { path + "/authority.pem" }

    init(_ path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    var holdsReplica: Bool { access(database, F_OK) == 0 }

    /// Makes the folder with all that leads to it, unless it is there.
    func make() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw ReplicaError(.notWritable, "the folder \(path) cannot be made", cause: error)
        }
        guard chmod(path, 0o700) == 0 else { throw failure("protect", path) }
        try checkWritable()
    }

    func checkWritable() throws {
        for file in [path, database] where access(file, F_OK) == 0 {
            guard access(file, W_OK) == 0 else {
                throw ReplicaError(.notWritable, "\(file) may not be written by this user")
            }
        }
    }

    /// Makes an empty file that only its owner can read, unless it is there.
    func touch(_ file: String) throws {
        let descriptor = Glibc.open(file, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("make", file) }
        close(descriptor)
    }

    func write(key: PrivateKey) throws { try write(key.pem, to: keyFile) }
    func write(certificate: Certificate) throws { try write(certificate.pem, to: certificateFile) }
    func write(authority: Certificate) throws { try write(authority.pem, to: authorityFile) }

    func key() throws -> PrivateKey { try read(keyFile) { try PrivateKey(pem: $0) } }
    func certificate() throws -> Certificate { try read(certificateFile) { try Certificate(pem: $0) } }
    func authority() throws -> Certificate { try read(authorityFile) { try Certificate(pem: $0) } }

    private func read<Item>(_ file: String, _ parse: (String) throws -> Item) throws -> Item {
        do {
            return try parse(String(contentsOfFile: file, encoding: .utf8))
        } catch {
            throw ReplicaError(.corrupt, "\(file) cannot be read", cause: error)
        }
    }

    /// Whole or not at all: written beside, synced, and moved into place.
    private func write(_ text: String, to file: String) throws {
        let draft = file + ".new"
        let descriptor = Glibc.open(draft, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("make", draft) }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { throw failure("write", draft) }
            rest = rest.dropFirst(written)
        }
        guard fsync(descriptor) == 0, rename(draft, file) == 0 else { throw failure("write", file) }
        try sync()
    }

    /// Makes the names in the folder durable.
    func sync() throws {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    private func failure(_ verb: String, _ file: String) -> ReplicaError {
        let code = errno
        return ReplicaError(
            code == ENOSPC ? .diskFull : .notWritable,
            "cannot \(verb) \(file): \(String(cString: strerror(code)))")
    }
}
