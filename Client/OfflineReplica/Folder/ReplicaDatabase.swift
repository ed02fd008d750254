import GRDB

/// Opens the database so that what was committed survives a power cut, and nothing else is opened.
enum ReplicaDatabase {
    static func create(_ folder: ReplicaFolder, _ fill: (Database) throws -> Void) throws -> DatabasePool {
        try folder.touch(folder.database)
        return try StorageFailure.translating(folder.database) {
            let pool = try pool(folder)
            try pool.write { db in
                try db.execute(sql: DatabaseSchema.tables)
                try db.execute(sql: DatabaseSchema.receipts)
                try fill(db)
                // A file without these marks is no replica.
                try db.execute(sql: "PRAGMA application_id = \(DatabaseSchema.applicationID)")
                try db.execute(sql: "PRAGMA user_version = \(DatabaseSchema.version)")
            }
            try folder.sync()
            return pool
        }
    }

    /// Whether the file is the database of a replica, and not what an enrolment left that was cut short.
    static func isMarked(_ folder: ReplicaFolder) throws -> Bool {
        try StorageFailure.translating(folder.database) {
            try marks(try DatabaseQueue(path: folder.database)).application != 0
        }
    }

    private static func marks(
        _ reader: some DatabaseReader
    ) throws -> (application: Int32?, version: Int32?) {
        try reader.read { db in
            (
                try Int32.fetchOne(db, sql: "PRAGMA application_id"),
                try Int32.fetchOne(db, sql: "PRAGMA user_version")
            )
        }
    }

    static func open(_ folder: ReplicaFolder) throws -> DatabasePool {
        let file = folder.database
        return try StorageFailure.translating(file) {
            let pool = try pool(folder)
            let (application, version) = try marks(pool)
            if application == 0,
                try pool.read({ try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }) == 0
            {
                throw ReplicaError(.unfinished, "The database \(file) holds nothing", at: file)
            }
            guard application == DatabaseSchema.applicationID, let version else {
                throw ReplicaError(.corrupt, "\(file) is the database of another program", at: file)
            }
            guard version <= DatabaseSchema.version else {
                throw ReplicaError(
                    .newerVersion,
                    "\(file) has version \(version), and this program knows version \(DatabaseSchema.version)",
                    at: file)
            }
            if version < DatabaseSchema.version { try upgrade(pool) }
            return pool
        }
    }

    private static func upgrade(_ pool: DatabasePool) throws {
        try pool.write { db in
            // Another program may have been first.
            guard try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0 < DatabaseSchema.version else {
                return
            }
            for addition in DatabaseSchema.additions
            where try !db.columns(in: addition.table).contains(where: { $0.name == addition.column }) {
                try db.execute(
                    sql: "ALTER TABLE \(addition.table) ADD COLUMN \(addition.column) \(addition.type)")
            }
            try db.execute(sql: DatabaseSchema.receipts)
            try db.execute(sql: "PRAGMA user_version = \(DatabaseSchema.version)")
        }
    }

    /// How long to wait for another program that has the database, seconds.
    static let patience = 10.0

    private static func pool(_ folder: ReplicaFolder) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience)
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = 4
        configuration.label = "replica"
        // What is deleted is overwritten: a revoked audience must not stay in free pages.
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA secure_delete = ON")
            // The writer goes through the whole log and read model: what it comes back to stays in memory
            // (KiB), and moves from the write-ahead log into the file less often (pages).
            guard !db.configuration.readonly else { return }
            try db.execute(sql: "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000")
        }
        let pool = try DatabasePool(path: folder.database, configuration: configuration)
        // GRDB relaxes this to NORMAL when it opens a pool; then a power cut could lose a commit.
        let level = try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            return try Int.fetchOne(db, sql: "PRAGMA synchronous")
        }
        guard level == 2 else {
            throw ReplicaError(.storage, "SQLite does not sync each commit: level \(level ?? -1), not 2")
        }
        return pool
    }
}
