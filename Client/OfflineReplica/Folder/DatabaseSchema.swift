/// The tables of a replica's database.
///
/// Numbers without a sign are kept as SQLite's signed ones: positions and change numbers are checked
/// to fit, times and epochs are stored bit for bit and never compared by SQL.
enum DatabaseSchema {
    /// "vdr1", so that no other program's database is taken for a replica.
    static let applicationID: Int32 = 0x7664_7231
    static let version: Int32 = 3

    /// A column that versions before had not.
    struct Addition {
        let table: String
        let column: String
        let type: String
    }

    /// What makes this version of earlier ones: version 1 kept no commitments, version 2 not what two pasts share.
    static let additions = [
        Addition(table: "change", column: "commitment", type: "BLOB"),
        Addition(table: "treeFault", column: "shared", type: "INTEGER"),
    ]

    /// Of version 3: what the server has said of own changes for which it matters when they were received; bytes are those
    /// of a frame of evidence without its length.
    static let receipts = """
        CREATE TABLE IF NOT EXISTS receipt (
            replica BLOB NOT NULL, number INTEGER NOT NULL, bytes BLOB NOT NULL,
            PRIMARY KEY (replica, number)
        ) STRICT, WITHOUT ROWID;
        """

    static let tables = """
        CREATE TABLE replica (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            person BLOB NOT NULL, device BLOB NOT NULL, replica BLOB NOT NULL,
            address TEXT NOT NULL, association TEXT NOT NULL, serverKey BLOB NOT NULL,
            enrolledEpoch INTEGER NOT NULL,
            -- Learnt with the first change of the roster, which the server's key has signed.
            serverReplica BLOB,
            epoch INTEGER NOT NULL,
            cursor INTEGER NOT NULL DEFAULT 0,
            number INTEGER NOT NULL DEFAULT 0,
            clock INTEGER NOT NULL DEFAULT 0,
            version INTEGER NOT NULL DEFAULT 0,
            clockOffset INTEGER,
            lastSync INTEGER,
            -- As what it is about to go on, and after which of its numbers: the server has been asked.
            nextReplica BLOB,
            nextThrough INTEGER
        ) STRICT;

        -- How the server's epochs began.
        CREATE TABLE epoch (
            epoch INTEGER PRIMARY KEY, parent INTEGER NOT NULL, point INTEGER NOT NULL, size INTEGER NOT NULL,
            root BLOB NOT NULL, time INTEGER NOT NULL
        ) STRICT;

        -- Inner hashes of changes without a position that stand in the chain before a delivered one.
        CREATE TABLE gap (change INTEGER PRIMARY KEY, links BLOB NOT NULL) STRICT;

        -- The signatures over others' chains, by the delivered change that each comes behind: with them anybody can
        -- offer it. signature: its 64 bytes, and the inner hashes that lead from that change to the signed one.
        CREATE TABLE head (
            replica BLOB NOT NULL, audience TEXT NOT NULL, number INTEGER NOT NULL, signature BLOB NOT NULL,
            PRIMARY KEY (replica, audience, number)
        ) STRICT, WITHOUT ROWID;

        -- Changes of others that a restored server lost, until it has them. previous: the hash before it in its chain;
        -- hasGap: others stand before it that are not here.
        CREATE TABLE offer (
            replica BLOB NOT NULL, number INTEGER NOT NULL, audience TEXT NOT NULL, bytes BLOB NOT NULL,
            hasGap INTEGER NOT NULL, previous BLOB,
            PRIMARY KEY (replica, number)
        ) STRICT, WITHOUT ROWID;

        -- What counts as made here: of each replica that this one was, up to which number.
        CREATE TABLE own (replica BLOB PRIMARY KEY, through INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        -- Of all replicas, from the roster: which others they go on from.
        CREATE TABLE continuation (
            replica BLOB PRIMARY KEY, continued BLOB NOT NULL, number INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- Every audience that the log names. It may be read while "end" is set; it is whole, and what others
        -- wrote in it visible, once wholeAt is set: the cursor of that moment.
        CREATE TABLE audience (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            have INTEGER,
            "end" INTEGER,
            wholeAt INTEGER
        ) STRICT;

        -- Fingerprints of what an audience has in a block of positions, for blocks up to the cursor of whole
        -- audiences. Those with the lowest ids are the next to be computed anew.
        CREATE TABLE fingerprint (
            id INTEGER PRIMARY KEY, audience INTEGER NOT NULL, block INTEGER NOT NULL, sum BLOB NOT NULL,
            changes INTEGER NOT NULL,
            UNIQUE (audience, block)
        ) STRICT;

        -- Audiences whose contents were deleted, until the server has been told.
        CREATE TABLE purged (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

        -- The log. bytes is the change in canonical form, or where hasContents is 0 its envelope; then commitment is
        -- that to the contents, of an own change.
        -- links: inner hashes before it, kept while its chain cannot be walked yet.
        -- entry: in the tray, the number of the change that took it there.
        CREATE TABLE change (
            id INTEGER PRIMARY KEY,
            replica BLOB NOT NULL,
            number INTEGER NOT NULL,
            audience INTEGER NOT NULL,
            position INTEGER,
            effective INTEGER,
            state INTEGER NOT NULL,
            isAnswered INTEGER NOT NULL DEFAULT 0,
            isDropped INTEGER NOT NULL DEFAULT 0,
            hasContents INTEGER NOT NULL DEFAULT 1,
            bytes BLOB NOT NULL,
            inner BLOB NOT NULL,
            previous BLOB,
            links BLOB,
            commitment BLOB,
            code TEXT, message TEXT, remedy TEXT,
            behind INTEGER,
            entry INTEGER,
            UNIQUE (replica, number)
        ) STRICT;
        CREATE INDEX changeOrder ON change (audience, position) WHERE position IS NOT NULL;
        CREATE INDEX changePosition ON change (position) WHERE position IS NOT NULL;
        CREATE INDEX changeOpen ON change (state, number) WHERE state <> 0;
        CREATE INDEX changeUnwalked ON change (audience) WHERE links IS NOT NULL;

        -- Which change has an operation on which record. No index by change: a first download would pay
        -- for it, and only a revocation would use it.
        CREATE TABLE touch (
            audience INTEGER NOT NULL,
            record BLOB NOT NULL,
            change INTEGER NOT NULL,
            PRIMARY KEY (audience, record, change)
        ) STRICT, WITHOUT ROWID;

        -- The read model: what lists need. Everything here follows from the log.
        CREATE TABLE record (
            id INTEGER PRIMARY KEY,
            audience INTEGER NOT NULL,
            record BLOB NOT NULL,
            kind TEXT,
            parent BLOB,
            presence INTEGER NOT NULL,
            title TEXT NOT NULL,
            folded TEXT NOT NULL,
            isPending INTEGER NOT NULL,
            conflicts INTEGER NOT NULL,
            hasRemovals INTEGER NOT NULL,
            UNIQUE (record, audience)
        ) STRICT;
        CREATE INDEX recordKind ON record (kind, record);
        CREATE INDEX recordParent ON record (audience, parent);
        CREATE INDEX recordTitle ON record (folded);
        CREATE INDEX recordConflicts ON record (conflicts) WHERE conflicts > 0;

        CREATE VIRTUAL TABLE search USING fts5 (
            title, body, tokenize = "unicode61 remove_diacritics 2"
        );

        -- The newest hash of each chain: of the replica's own, as recorded; of others, as delivered.
        CREATE TABLE chain (
            replica BLOB NOT NULL,
            audience TEXT NOT NULL,
            hash BLOB NOT NULL,
            PRIMARY KEY (replica, audience)
        ) STRICT, WITHOUT ROWID;

        -- Signatures over chains that cannot be walked yet: up to which number of which replica.
        CREATE TABLE stagedHead (
            id INTEGER PRIMARY KEY,
            replica BLOB NOT NULL,
            audience TEXT NOT NULL,
            number INTEGER NOT NULL,
            links BLOB NOT NULL,
            signature BLOB NOT NULL
        ) STRICT;

        -- From the roster: whose key signs for a replica.
        CREATE TABLE device (device BLOB PRIMARY KEY, key BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE signer (replica BLOB PRIMARY KEY, device BLOB NOT NULL) STRICT, WITHOUT ROWID;

        -- Signed heads of the server's tree: the newest, of earlier ones the newest of each
        -- hour, and those that a receipt names.
        CREATE TABLE treeHead (
            epoch INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, time INTEGER NOT NULL,
            signature BLOB NOT NULL, isLasting INTEGER NOT NULL,
            PRIMARY KEY (epoch, size)
        ) STRICT, WITHOUT ROWID;

        -- Two heads that cannot both be true: kept for good. shared: how many leaves both pasts have in common at least,
        -- once that was found out.
        CREATE TABLE treeFault (
            id INTEGER PRIMARY KEY, found INTEGER NOT NULL,
            knownEpoch INTEGER NOT NULL, knownSize INTEGER NOT NULL, knownRoot BLOB NOT NULL,
            knownTime INTEGER NOT NULL, knownSignature BLOB NOT NULL,
            shownEpoch INTEGER NOT NULL, shownSize INTEGER NOT NULL, shownRoot BLOB NOT NULL,
            shownTime INTEGER NOT NULL, shownSignature BLOB NOT NULL, shared INTEGER,
            UNIQUE (knownSize, knownRoot, shownSize, shownRoot)
        ) STRICT;

        -- The seed of the salts of the next push.
        CREATE TABLE seed (audience TEXT PRIMARY KEY, seed BLOB NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """
}
