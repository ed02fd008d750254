import Foundation
import GRDB
import Glibc

/// The server's database file: opened so that a committed transaction outlives a power cut.
struct ServerStore: Sendable {
    static let fileName = "server.db"

    let pool: DatabasePool
    /// Of the file.
    let path: String

    /// Makes the folder (0700) and the file (0600) with its tables.
    ///
    /// - Throws: `ServerError` `.present` or `.notDurable`.
    static func create(in folder: String) throws -> ServerStore {
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw ServerError(
                .absent, "The folder \(folder) cannot be made: \(String(cString: strerror(errno)))",
                remedy: "Choose a folder whose parent exists and may be written")
        }
        let path = folder + "/" + fileName
        // Made here and not by SQLite, so that nobody else can read it for a moment.
        let file = Glibc.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            if errno == EEXIST {
                throw ServerError(
                    .present, "There is a server in \(folder) already", remedy: "Choose another folder")
            }
            throw ServerError(
                .absent, "The file \(path) cannot be made: \(String(cString: strerror(errno)))",
                remedy: "Choose a folder that may be written")
        }
        Glibc.close(file)
        let store = try ServerStore(path: path)
        try store.pool.write(Tables.create)
        return store
    }

    /// Opens what `create` made.
    static func open(in folder: String) throws -> ServerStore {
        let path = folder + "/" + fileName
        guard access(path, F_OK) == 0 else {
            throw ServerError(
                .absent, "There is no database \(path)", at: path, remedy: "Restore it from a backup")
        }
        // SQLite would open it for reading alone, and each push would fail.
        guard access(path, R_OK | W_OK) == 0 else { throw ServerError(forbidden: path) }
        let store = try ServerStore(path: path)
        try StoreFailure.translating(path) {
            if try store.pool.read(Tables.areOlder) {
                try store.pool.write { db in
                    try Tables.upgrade(db)
                    try checkVersion(db, path)
                }
            }
            try store.pool.read { try checkVersion($0, path) }
        }
        return store
    }

    private init(path: String) throws {
        self.path = path
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = false
        configuration.maximumReaderCount = 8
        pool = try StoreFailure.translating(path) {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try Self.demandFullSync(of: pool)
            return pool
        }
    }

    /// A pool chooses NORMAL by itself, which forgets acknowledged commits when the power goes.
    static func demandFullSync(of pool: DatabasePool) throws {
        let (mode, level) = try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // What is deleted or erased is overwritten.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            // KiB: each replica writes in its own part of the indexes, and the writer comes back to them.
            try db.execute(sql: "PRAGMA cache_size = -32768")
            return (
                try String.fetchOne(db, sql: "PRAGMA journal_mode"), try synchronousLevel(db)
            )
        }
        guard mode == "wal", level == 2 else {
            throw ServerError(
                .notDurable, "SQLite works with journal \(mode ?? "unknown") and synchronous \(level)",
                remedy: "Use a local disk and an unmodified SQLite")
        }
    }

    /// 2 for FULL.
    static func synchronousLevel(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
    }

    /// Writes what leaves nothing behind, to find out whether a commit succeeds.
    static func rehearse(_ ledger: ServerLedger) throws {
        try ledger.setMeta("rehearsal", [1])
        try ledger.db.run("DELETE FROM meta WHERE name = ?", ["rehearsal"])
    }

    private static func checkVersion(_ db: Database, _ path: String) throws {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id")
        guard application != 0 else {
            throw ServerError(
                .damaged, "The database \(path) holds nothing of a server", at: path,
                remedy: "Restore it from a backup")
        }
        guard application == Tables.applicationID else {
            throw ServerError(
                .foreign, "\(path) is a database of another program", at: path,
                remedy: "Name the folder that this server was made in")
        }
        let version = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard version <= Tables.version else {
            throw ServerError(
                .newer,
                "\(path) has version \(version), and this program knows version \(Tables.version)", at: path,
                remedy: "Update this program")
        }
        // What reads a row relies on what its table demands of it.
        guard try layout(of: db) == expectedLayout() else {
            throw ServerError(
                .damaged, "The tables of \(path) are not those that this program made", at: path,
                remedy: "Restore it from a backup")
        }
    }

    private static func layout(of db: Database) throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                SELECT name || ' ' || sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
                ORDER BY name
                """)
    }

    private static func expectedLayout() throws -> [String] {
        try DatabaseQueue().write { db in
            try Tables.create(in: db)
            return try layout(of: db)
        }
    }
}
