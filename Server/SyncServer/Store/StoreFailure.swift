import ChangeLog
import GRDB
import Glibc
import SyncProtocol

/// Errors of SQLite in the server's own words.
enum StoreFailure {
    /// The error itself where it is not one of SQLite.
    ///
    /// - Parameter file: the database, where it is known.
    static func translated(_ error: any Error, _ file: String = ServerStore.fileName) -> any Error {
        if error is ChangeLogError {
            return ServerError(
                .damaged, "A row of the database \(file) cannot be read", at: file,
                remedy: "Restore it from a backup", cause: error)
        }
        guard let failure = error as? DatabaseError else { return error }
        return ServerError(failure, file)
    }

    static func translating<Result>(_ file: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw translated(error, file) }
    }
}

extension ServerError {
    init(_ failure: DatabaseError, _ file: String) {
        switch failure.resultCode {
        case .SQLITE_NOTADB:
            self.init(
                .foreign, "\(file) is no database", at: file, remedy: "Restore it from a backup",
                cause: failure)
        case .SQLITE_CORRUPT:
            self.init(
                .damaged, "The database \(file) is damaged", at: file, remedy: "Restore it from a backup",
                cause: failure)
        // Files beside the database that found no room are told in other ways than a write is.
        case .SQLITE_FULL: self.init(full: file, failure)
        case .SQLITE_IOERR, .SQLITE_ABORT, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            if Self.hasLess(than: Self.room, file) {
                self.init(full: file, failure)
            } else if failure.resultCode == .SQLITE_IOERR || failure.resultCode == .SQLITE_ABORT {
                self.init(other: file, failure)
            } else {
                self.init(forbidden: file)
            }
        default: self.init(other: file, failure)
        }
    }

    private init(full file: String, _ failure: DatabaseError? = nil) {
        self.init(
            .diskFull, "The disk of the server is full", at: file,
            remedy: "Free space there; what was acknowledged is kept, and the rest is sent again by itself",
            cause: failure)
    }

    /// nil where the disk has room for the largest push, in the log of SQLite and then in the database.
    init?(whenFull file: String) {
        guard Self.hasLess(than: 2 * UInt(ProtocolLimits.contentBytes), file) else { return nil }
        self.init(full: file)
    }

    private init(other file: String, _ failure: DatabaseError) {
        self.init(
            .storage, "The database \(file) fails", at: file,
            remedy: "Try again; if it stays, look at the disk",
            cause: failure)
    }

    init(forbidden file: String) {
        self.init(
            .forbidden, "This user may not read and write \(file)", at: file,
            remedy: "Run the program as the user whose folder it is")
    }

    /// What a small commit needs with the files beside the database, bytes.
    private static let room: UInt = 128 * 1024

    private static func hasLess(than room: UInt, _ file: String) -> Bool {
        var figures = statvfs()
        // Without any blocks the file system tells nothing; with a boundless number it tells too much.
        guard statvfs(file, &figures) == 0, figures.f_blocks > 0 else { return false }
        let (free, overflow) = figures.f_bavail.multipliedReportingOverflow(by: figures.f_frsize)
        return !overflow && free < room
    }

    /// The same for whoever asked over the network, without what is the administrator's alone.
    var reason: Reason {
        Reason(code: "server.\(code.rawValue)", message: message + ".", remedy: remedy + ".")
    }
}
