import Cryptography
import Foundation
import Glibc

// What is sealed in a backup: per file a byte with the length of its name, the name, 8 bytes of size, and as
// many bytes; a byte 0 after the last one. The configuration comes last: a folder without it is unfinished.

/// The files that make a server.
enum BackupFiles {
    static let database = ServerStore.fileName
    /// In the order in which they stand in a backup.
    static let all = [database] + ServerIdentity.files + [WorkspaceConfiguration.name]
    /// What a backup of an older program holds.
    static let older = [database] + ServerIdentity.olderFiles + [WorkspaceConfiguration.name]
}

/// Writes files into one sealed file.
struct BackupWriter {
    private var sealer: StreamSealer
    private let output: FileHandle
    private var segment: [UInt8] = []

    init(
        to output: FileHandle, passphrase: [UInt8], cost: PassphraseCost, randomBytes: (Int) -> [UInt8]
    ) throws {
        sealer = try StreamSealer(passphrase: passphrase, cost: cost, randomBytes: randomBytes)
        self.output = output
        try output.write(contentsOf: Data(sealer.header))
    }

    /// - Parameter path: of a file that does not change meanwhile.
    mutating func add(_ name: String, from path: String) throws {
        guard let input = FileHandle(forReadingAtPath: path) else {
            throw AdministrationError(.fileMissing, path, place: path)
        }
        defer { try? input.close() }
        let size = try input.seekToEnd()
        try input.seek(toOffset: 0)
        try put([UInt8(name.utf8.count)] + Array(name.utf8))
        try put((0..<8).map { UInt8(truncatingIfNeeded: size >> (8 * (7 - UInt64($0)))) })
        var left = size
        while left > 0 {
            let piece = try input.read(upToCount: SealedStream.segmentBytes) ?? Data()
            guard !piece.isEmpty, UInt64(piece.count) <= left else {
                throw AdministrationError(.fileUnreadable, path, place: path)
            }
            left -= UInt64(piece.count)
            try put(Array(piece))
        }
    }

    mutating func finish() throws {
        try put([0])
        try output.write(contentsOf: Data(try sealer.seal(segment, isLast: true)))
        try output.synchronize()
    }

    private mutating func put(_ bytes: [UInt8]) throws {
        segment += bytes
        // A full one is kept back: it may be the last.
        while segment.count > SealedStream.segmentBytes {
            let full = Array(segment[..<SealedStream.segmentBytes])
            segment.removeFirst(SealedStream.segmentBytes)
            try output.write(contentsOf: Data(try sealer.seal(full, isLast: false)))
        }
    }
}

/// Reads the files out of a sealed file, and believes nothing of it that was not opened.
struct BackupReader {
    private var opener: StreamOpener
    private let input: FileHandle
    private let place: String
    private var opened: [UInt8] = []
    private var next: [UInt8]
    private var isAtEnd = false

    /// - Throws: `AdministrationError` `backup.malformed`, `backup.passphrase`.
    init(from input: FileHandle, at place: String, passphrase: [UInt8]) throws {
        self.input = input
        self.place = place
        let header = [UInt8](try input.read(upToCount: SealedStream.headerBytes) ?? Data())
        do {
            opener = try StreamOpener(header: header, passphrase: passphrase)
        } catch {
            let failure: AdministrationFailure =
                error.code == .wrongPassphrase ? .backupPassphrase : .backupMalformed
            throw AdministrationError(failure, place, place: place)
        }
        next = []
        next = try segment()
    }

    private func segment() throws -> [UInt8] {
        let size = SealedStream.segmentBytes + SealedStream.tagBytes
        var bytes: [UInt8] = []
        while bytes.count < size, let more = try input.read(upToCount: size - bytes.count), !more.isEmpty {
            bytes += more
        }
        return bytes
    }

    private mutating func open() throws {
        let current = next
        next = try segment()
        isAtEnd = next.isEmpty
        do {
            opened += try opener.open(current, isLast: isAtEnd)
        } catch { throw altered }
    }

    private var altered: AdministrationError { AdministrationError(.backupAltered, place, place: place) }

    private mutating func take(_ count: Int) throws -> [UInt8] {
        while opened.count < count {
            guard !isAtEnd else { throw altered }
            try open()
        }
        defer { opened.removeFirst(count) }
        return Array(opened[..<count])
    }

    /// The name and the size of the next file; nil after the last one.
    mutating func file() throws -> (name: String, size: UInt64)? {
        let length = Int(try take(1)[0])
        guard length > 0 else {
            guard isAtEnd, opened.isEmpty else { throw altered }
            return nil
        }
        guard let name = String(validating: try take(length), as: UTF8.self) else { throw altered }
        return (name, try take(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Gives the bytes of the file in pieces.
    mutating func read(_ size: UInt64, _ receive: ([UInt8]) throws -> Void) throws {
        var left = size
        while left > 0 {
            let piece = try take(Int(min(left, UInt64(SealedStream.segmentBytes))))
            left -= UInt64(piece.count)
            try receive(piece)
        }
    }
}
