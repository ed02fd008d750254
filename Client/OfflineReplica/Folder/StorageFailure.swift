import GRDB
import Glibc

/// Errors of SQLite in the replica's own words.
enum StorageFailure {
    static func translating<Result>(_ file: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw translated(error, file) }
    }

    static func translated(_ error: any Error, _ file: String) -> any Error {
        guard let failure = error as? DatabaseError else { return error }
        let code = code(of: failure, file)
        return ReplicaError(code, sentence(code, failure, file), at: file, cause: failure)
    }

    private static func code(of failure: DatabaseError, _ file: String) -> ReplicaError.Code {
        switch failure.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt
        case .SQLITE_FULL: .diskFull
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_IOERR:
            // The files beside the database need room too, and SQLite tells of those in another way.
            Room.isMissing(at: file)
                ? .diskFull : failure.resultCode == .SQLITE_IOERR ? .storage : .notWritable
        default: .storage
        }
    }

    private static func sentence(_ code: ReplicaError.Code, _ failure: DatabaseError, _ file: String)
        -> String
    {
        switch code {
        case .corrupt: "The database \(file) is damaged"
        case .diskFull: "The disk of \(file) is full"
        case .busy: "Another program has been writing in \(file) for longer than ten seconds"
        case .notWritable: "This user may not read and write \(file)"
        default: "The database \(file) fails: \(failure.message ?? failure.resultCode.description)"
        }
    }
}

/// Room on a disk.
enum Room {
    /// What a small commit needs with the files beside the database, bytes.
    private static let needed: UInt = 128 * 1024

    /// Whether too little is left where a file stands, or would stand.
    static func isMissing(at file: String) -> Bool {
        var path = file[...]
        while true {
            var figures = statvfs()
            if statvfs(path.isEmpty ? "/" : String(path), &figures) == 0 {
                // Some file systems give no figures, or boundless ones.
                guard figures.f_blocks > 0 else { return false }
                let (room, isBoundless) = figures.f_bavail.multipliedReportingOverflow(by: figures.f_frsize)
                return !isBoundless && room < needed
            }
            guard let slash = path.lastIndex(of: "/") else { return false }
            path = path[..<slash]
        }
    }
}
