public import ChangeLog
public import Cryptography
import Foundation
import Glibc

/// A server in one file: database, keys, authority and configuration, sealed under a passphrase.
public struct Backup: Sendable {
    /// The sealed file.
    public let path: String
    private let passphrase: [UInt8]
    private let cost: PassphraseCost

    /// The shortest passphrase that a new backup takes, bytes.
    public static let shortest = 12

    /// - Parameter passphrase: at least `shortest` bytes for a new one.
    public init(at path: String, passphrase: [UInt8], cost: PassphraseCost = .standard) {
        self.path = path
        self.passphrase = passphrase
        self.cost = cost
    }

    /// Writes a new backup of the server in a folder, which may run meanwhile.
    ///
    /// - Returns: the newest position in it.
    /// - Throws: `AdministrationError`; then there is no such file.
    public func write(from desk: AdministrationDesk, in path: String) async throws -> Position {
        try check()
        return try write(snapshot: try await desk.perform(SnapshotTask()), of: DataFolder(path))
    }

    private func check() throws {
        guard passphrase.count >= Self.shortest else {
            throw AdministrationError(.backupShort, "\(Self.shortest)")
        }
        guard access(path, F_OK) != 0 else { throw AdministrationError(.fileTaken, path, place: path) }
    }

    /// The same with a copy of the database that was made before, and is taken away.
    public func write(snapshot: SnapshotTask.Answer, of folder: DataFolder) throws -> Position {
        try check()
        defer { unlink(folder.path(of: snapshot.file)) }
        let draft = self.path + ".new"
        let descriptor = open(draft, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AdministrationError(system: errno, place: draft) }
        let output = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            var writer = try BackupWriter(
                to: output, passphrase: passphrase, cost: cost,
                randomBytes: { RandomBytes.make(count: $0) })
            for name in BackupFiles.all {
                let file = name == BackupFiles.database ? snapshot.file : name
                try writer.add(name, from: folder.path(of: file))
            }
            try writer.finish()
        } catch {
            unlink(draft)
            throw (error as? AdministrationError) ?? AdministrationError(system: ENOSPC, place: self.path)
        }
        guard rename(draft, path) == 0 else { throw AdministrationError(system: errno, place: path) }
        return Position(snapshot.head)
    }

    /// Makes a server of it in a folder that is new or empty, and begins a new epoch there.
    ///
    /// - Throws: `AdministrationError` `backup.malformed`, `backup.passphrase`, `backup.altered`,
    ///   `folder.taken`; then the folder is as it was.
    public func restore(
        to path: String, rules: DomainRules, environment: ServerEnvironment
    ) async throws -> (workspace: Workspace, record: EpochRecord) {
        guard let input = FileHandle(forReadingAtPath: self.path) else {
            throw AdministrationError(.fileMissing, self.path, place: self.path)
        }
        var reader = try BackupReader(from: input, at: self.path, passphrase: passphrase)
        let folder = try DataFolder.create(path)
        do {
            let configuration = try unpack(&reader, into: folder)
            return try await Workspace.restore(
                in: folder, configuration: configuration, rules: rules, environment: environment)
        } catch {
            folder.discard()
            throw error
        }
    }

    /// Writes all files but the configuration, which makes a folder that of a server.
    private func unpack(_ reader: inout BackupReader, into folder: DataFolder) throws -> [UInt8] {
        var configuration: [UInt8] = []
        var found: [String] = []
        while let (name, size) = try reader.file() {
            guard BackupFiles.all.contains(name), !found.contains(name) else {
                throw AdministrationError(.backupAltered, self.path, place: self.path)
            }
            found.append(name)
            guard name == BackupFiles.database else {
                var bytes: [UInt8] = []
                guard size <= DataFolder.fileLimit else {
                    throw AdministrationError(.backupAltered, self.path, place: self.path)
                }
                try reader.read(size) { bytes += $0 }
                if name == WorkspaceConfiguration.name {
                    configuration = bytes
                } else {
                    try folder.write(bytes, to: name)
                }
                continue
            }
            try folder.write(to: name) { write in try reader.read(size) { try write($0) } }
        }
        guard found == BackupFiles.all || found == BackupFiles.older else {
            throw AdministrationError(.backupAltered, self.path, place: self.path)
        }
        return configuration
    }
}
