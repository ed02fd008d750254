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

    /// - Throws: `notEnrolled`; `notWritable` where this user may not even look.
    func demandReplica() throws {
        guard !holdsReplica else { return }
        guard errno != EACCES else { throw forbidden(path) }
        throw ReplicaError(.notEnrolled, "There is no replica in \(path)", at: path)
    }

    /// Makes the folder with all that leads to it, unless it is there.
    func make() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            // What Foundation says of it is for its callers; the system knows whether there was room.
            let isFull = Room.isMissing(at: path)
            throw ReplicaError(
                isFull ? .diskFull : .notWritable, "The folder \(path) cannot be made", at: path, cause: error
            )
        }
        guard chmod(path, 0o700) == 0 else { throw failure("protect", path) }
        try checkWritable()
    }

    func checkWritable() throws {
        for file in [path, database] where access(file, F_OK) == 0 {
            guard access(file, R_OK | W_OK) == 0 else { throw forbidden(file) }
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
            throw ReplicaError(.corrupt, "The file \(file) cannot be read", at: file, cause: error)
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
        if code == EACCES || code == EPERM { return forbidden(file) }
        if code == ENOSPC || code == EDQUOT {
            return ReplicaError(.diskFull, "The disk of \(file) is full", at: file)
        }
        return ReplicaError(
            .storage, "The system could not \(verb) \(file): \(String(cString: strerror(code)))", at: file)
    }

    private func forbidden(_ file: String) -> ReplicaError {
        ReplicaError(.notWritable, "This user may not read and write \(file)", at: file)
    }
}
