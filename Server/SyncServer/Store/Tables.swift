import GRDB

// The tables of server.db. Numbers that grow come first in every key, so that inserts are in order.
//
// | table | one row is |
// |---|---|
// | meta | a constant of this workspace: its epoch, the server's replica |
// | audience | an audience that a change has named; `first` is its first position |
// | replica | a replica that was enrolled, its device, and which other one it continues up to which number |
// | change | an accepted change at its position: the log, and the truth |
// | verdict | what was decided about any change ever received; `leaf` is the index of its newest leaf |
// | pending | the contents of a change without a position: waiting, held or declined |
// | chain | the newest judged change of a replica in an audience |
// | signature | a signed head of a chain: `KeptSignature` |
// | tree | hashes of complete subtrees of the tree of receipts in the order of completion, from an ordinal on |
// | lodged | a hash of a chain whose change had not come yet, when that was told, and its leaf |
// | formerleaf | a leaf whose verdict has become another one |
// | treehead | a signed head of that tree |
// | epoch | how an epoch began: a restored backup, and up to where positions are inherited |
// | origin | where an accepted record comes from |
// | fact | the value of a decided field, and the change that holds it |
// | textedit | an edit of a text, with the sum over all edits up to it |
// | segment | a file with a stretch of an audience, which can be made again |
// | invitation | a one-time secret, kept as its hash |
// | session | when a device last began an exchange, and how far it was |
// | retirement | when a retired device said that it has handed in all that it had |
// | holding | an audience that a device holds |
//
// `effective` and `time` are 64-bit patterns; `received` and `expires` milliseconds since 1970 UTC.

enum Tables {
    /// "VoSr": a file that says so is the data of this server.
    static let applicationID: Int32 = 0x566f_5372
    /// Rises with every change of the tables.
    static let version: Int32 = 3

    static func create(in db: Database) throws {
        try db.execute(sql: log)
        try db.execute(sql: facts)
        try db.execute(sql: devices)
        try db.execute(sql: second)
        try db.execute(sql: third)
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(version)")
    }

    /// Whether an older program made them.
    static func areOlder(_ db: Database) throws -> Bool {
        try Int32.fetchOne(db, sql: "PRAGMA application_id") == applicationID
            && (1..<version).contains(Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0)
    }

    /// Brings them up to date; whether they were that program's own is checked afterwards.
    static func upgrade(_ db: Database) throws {
        if try Int32.fetchOne(db, sql: "PRAGMA user_version") == 1 { try db.execute(sql: second) }
        try db.execute(sql: third)
        try db.execute(sql: "PRAGMA user_version = \(version)")
    }

    /// Since version 3. What waits is found and counted without reading it.
    private static let third = """
        CREATE TABLE lodged (
            leaf INTEGER PRIMARY KEY, replica INTEGER NOT NULL, audience INTEGER NOT NULL, hash BLOB NOT NULL,
            moment INTEGER NOT NULL) STRICT;
        CREATE INDEX lodged_chain ON lodged (replica, audience, leaf);
        CREATE INDEX verdict_waiting ON verdict (replica, audience, number) WHERE state IN (2, 3);
        CREATE INDEX pending_group ON pending (replica) WHERE members > 0;
        """

    /// Since version 2.
    private static let second = """
        CREATE TABLE retirement (device BLOB PRIMARY KEY, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE segment (
            audience INTEGER NOT NULL, "after" INTEGER NOT NULL, through INTEGER NOT NULL,
            changes INTEGER NOT NULL, size INTEGER NOT NULL, hash BLOB NOT NULL UNIQUE, singly BLOB NOT NULL,
            PRIMARY KEY (audience, through)) STRICT, WITHOUT ROWID;
        """

    private static let log = """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE audience (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, first INTEGER) STRICT;
        CREATE INDEX audience_first ON audience (first);
        CREATE TABLE replica (
            id INTEGER PRIMARY KEY, bits BLOB NOT NULL UNIQUE, device BLOB NOT NULL,
            continues INTEGER, through INTEGER) STRICT;
        CREATE INDEX replica_continues ON replica (continues) WHERE continues IS NOT NULL;
        CREATE TABLE change (
            position INTEGER PRIMARY KEY, audience INTEGER NOT NULL, replica INTEGER NOT NULL,
            number INTEGER NOT NULL, received INTEGER NOT NULL, effective INTEGER NOT NULL,
            hash BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
        CREATE INDEX change_audience ON change (audience, position);
        CREATE TABLE verdict (
            replica INTEGER NOT NULL, number INTEGER NOT NULL, audience INTEGER NOT NULL,
            hash BLOB NOT NULL, inner BLOB NOT NULL, state INTEGER NOT NULL, position INTEGER,
            behind INTEGER, code TEXT, message TEXT, remedy TEXT, received INTEGER NOT NULL,
            effective INTEGER, leaf INTEGER NOT NULL,
            PRIMARY KEY (replica, number)) STRICT, WITHOUT ROWID;
        CREATE INDEX verdict_chain ON verdict (replica, audience, number);
        CREATE INDEX verdict_withheld ON verdict (replica, audience) WHERE state <> 1;
        CREATE TABLE pending (
            replica INTEGER NOT NULL, number INTEGER NOT NULL, audience INTEGER NOT NULL,
            previous BLOB NOT NULL, member INTEGER NOT NULL, members INTEGER NOT NULL,
            envelope BLOB NOT NULL, bytes BLOB,
            PRIMARY KEY (replica, number)) STRICT, WITHOUT ROWID;
        CREATE TABLE chain (
            replica INTEGER NOT NULL, audience INTEGER NOT NULL, number INTEGER NOT NULL,
            hash BLOB NOT NULL, effective INTEGER NOT NULL,
            PRIMARY KEY (replica, audience)) STRICT, WITHOUT ROWID;
        CREATE TABLE signature (
            replica INTEGER NOT NULL, audience INTEGER NOT NULL, number INTEGER NOT NULL,
            signature BLOB NOT NULL,
            PRIMARY KEY (replica, audience, number)) STRICT, WITHOUT ROWID;
        CREATE TABLE tree (ordinal INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;
        CREATE TABLE formerleaf (
            leaf INTEGER PRIMARY KEY, replica INTEGER NOT NULL, number INTEGER NOT NULL,
            state INTEGER NOT NULL) STRICT;
        CREATE TABLE treehead (
            size INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, root BLOB NOT NULL, time INTEGER NOT NULL,
            signature BLOB NOT NULL) STRICT;
        CREATE TABLE epoch (
            ordinal INTEGER PRIMARY KEY, epoch INTEGER NOT NULL UNIQUE, parent INTEGER NOT NULL,
            point INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, time INTEGER NOT NULL,
            signature BLOB NOT NULL) STRICT;
        """

    private static let facts = """
        CREATE TABLE origin (
            audience INTEGER NOT NULL, record BLOB NOT NULL, kind TEXT NOT NULL, parent BLOB, key BLOB,
            author BLOB, position INTEGER NOT NULL,
            PRIMARY KEY (audience, record)) STRICT, WITHOUT ROWID;
        CREATE INDEX origin_kind ON origin (audience, kind, record);
        CREATE TABLE fact (
            record BLOB NOT NULL, field TEXT NOT NULL, audience INTEGER NOT NULL, value BLOB NOT NULL,
            replica INTEGER NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL,
            PRIMARY KEY (record, field, audience)) STRICT, WITHOUT ROWID;
        CREATE TABLE textedit (
            audience INTEGER NOT NULL, record BLOB NOT NULL, field TEXT NOT NULL,
            position INTEGER NOT NULL, replica INTEGER NOT NULL, number INTEGER NOT NULL,
            sum INTEGER NOT NULL,
            PRIMARY KEY (audience, record, field, position)) STRICT, WITHOUT ROWID;
        """

    private static let devices = """
        CREATE TABLE invitation (
            secret BLOB PRIMARY KEY, person BLOB NOT NULL, expires INTEGER NOT NULL, device BLOB)
            STRICT, WITHOUT ROWID;
        CREATE TABLE session (
            device BLOB PRIMARY KEY, seen INTEGER NOT NULL, cursor INTEGER) STRICT, WITHOUT ROWID;
        CREATE TABLE holding (
            device BLOB NOT NULL, audience INTEGER NOT NULL,
            PRIMARY KEY (device, audience)) STRICT, WITHOUT ROWID;
        """
}
