import ChangeLog
import Cryptography
import Foundation
import GRDB
import OfflineReplica
import SyncProtocol
import Testing

struct FolderTests {
    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? Int) ?? 0
    }

    @Test func onlyItsOwnerCanReadAnyOfIt() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        try await replica.record([
            Draft(try TestDomain.audience("notes"), operations: TestDomain.create(1, title: "A"))
        ])
        #expect(try mode(replica.folder) == 0o700)
        let files = try FileManager.default.contentsOfDirectory(atPath: replica.folder)
        #expect(
            Set(["replica.db", "replica.db-wal", "device.key", "device.pem", "authority.pem"]).isSubset(
                of: files))
        for file in files { #expect(try mode(replica.folder + "/" + file) == 0o600, "\(file)") }
    }

    @Test func whatWasEnrolledIsReadBack() throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        let again = try bench.open("anna")
        #expect(again.identity == replica.identity)
        #expect(try again.key().publicKey == replica.key().publicKey)
        #expect(try again.certificate() == replica.certificate())
        #expect(try again.authority() == replica.authority())
        #expect(throws: ReplicaError(.exists, "")) {
            try Replica.create(
                at: replica.folder, identity: replica.identity, key: replica.key(),
                certificate: replica.certificate(), authority: replica.authority(), rules: TestDomain.rules)
        }
    }

    @Test func aFolderWithoutAReplicaSaysSo() throws {
        let bench = try Bench()
        let error = #expect(throws: ReplicaError.self) { try bench.open("nobody") }
        #expect(error?.code == .notEnrolled && error?.remedy.isEmpty == false)
        // An enrolment that was cut short left an empty database.
        let path = bench.path("half")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        #expect(FileManager.default.createFile(atPath: path + "/replica.db", contents: Data()))
        #expect(throws: ReplicaError(.unfinished, "")) { try bench.open("half") }
        // It can be begun again.
        #expect(try bench.replica("half").identity.association == "Test")
    }

    @Test func anotherProgramsDatabaseIsNotTouched() throws {
        let bench = try Bench()
        let path = bench.path("other")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: path + "/replica.db")
        try queue.write { try $0.execute(sql: "CREATE TABLE mine (x)") }
        try queue.close()
        #expect(throws: ReplicaError(.corrupt, "")) { try bench.open("other") }
    }

    @Test func aDatabaseOfTheVersionBeforeIsTakenOver() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        try replica.close()
        let queue = try DatabaseQueue(path: replica.folder + "/replica.db")
        try await queue.write {
            try $0.execute(
                sql: """
                    ALTER TABLE change DROP COLUMN commitment; ALTER TABLE treeFault DROP COLUMN shared;
                    PRAGMA user_version = 1
                    """)
        }
        try queue.close()
        for _ in 0..<2 {
            let opened = try bench.open("anna")
            let notes = AudienceID(family: "person", opened.identity.person)
            _ = try await opened.record([Draft(notes, operations: TestDomain.create(1, title: "A"))])
            #expect(try await opened.outbox().batch != nil)
            #expect(try await opened.treeFaults().isEmpty)
            try opened.close()
        }
    }

    @Test func aNewerDatabaseIsNotOpened() throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        try replica.close()
        let queue = try DatabaseQueue(path: replica.folder + "/replica.db")
        try queue.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        try queue.close()
        #expect(throws: ReplicaError(.newerVersion, "")) { try bench.open("anna") }
    }

    /// Regression 15. File and schema are of an older program.
    @Test func aNewerProgramSendsTheQueueOfAnOlderOne() async throws {
        let bench = try Bench()
        let (old, notes) = (try bench.replica("anna"), try TestDomain.audience("notes"))
        try await bench.pull(old, [notes])
        for number in UInt64(1)...3 {
            try await old.record([Draft(notes, operations: TestDomain.create(number, title: "A"))])
        }
        let waiting = try #require(try await old.outbox().batch).entries
        try old.close()
        let queue = try DatabaseQueue(path: old.folder + "/replica.db")
        try await queue.write { try $0.execute(sql: "PRAGMA user_version = 0") }
        try queue.close()
        let rules = DomainRules(
            schema: Schema(version: 2, kinds: TestDomain.schema.kinds), admit: TestDomain.rules.admit,
            mayRead: TestDomain.rules.mayRead)
        let new = try Replica.open(at: old.folder, rules: rules, environment: bench.environment)
        #expect(try await new.outbox().batch?.entries == waiting)
        #expect(waiting.map(\.envelope.schema) == [1, 1, 1])
        try await bench.sync(new, [notes])
        #expect(try await new.read { try $0.counts().queued } == 0)
    }

    @Test func damageIsCalledDamage() throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        try replica.close()
        for file in ["replica.db-wal", "replica.db-shm"]
        where FileManager.default.fileExists(
            atPath: replica.folder + "/" + file)
        {
            try FileManager.default.removeItem(atPath: replica.folder + "/" + file)
        }
        try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: replica.folder + "/replica.db"))
        #expect(throws: ReplicaError(.corrupt, "")) { try bench.open("anna") }
    }

    @Test func openingTakesMilliseconds() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        let notes = try TestDomain.audience("notes")
        for number in UInt64(1)...200 {
            try await replica.record([
                Draft(notes, operations: TestDomain.create(number, title: "T\(number)"))
            ])
        }
        try replica.close()
        let start = ContinuousClock.now
        let again = try bench.open("anna")
        let records = try await again.read { try $0.counts().records }
        let elapsed = ContinuousClock.now - start
        #expect(records == 200)
        // Bounded loosely: other programs run beside this one.
        #expect(elapsed < .seconds(2), "\(elapsed)")
    }

    @Test func oneProcessSynchronisesAtATime() throws {
        let bench = try Bench()
        let first = try bench.replica("anna")
        let second = try bench.open("anna")
        let lock = try #require(try first.lockForSync())
        #expect(try second.lockForSync() == nil)
        lock.release()
        #expect(try second.lockForSync() != nil)
    }

    @Test func watchersSeeTheCommitsOfOtherProcesses() async throws {
        let bench = try Bench()
        let first = try bench.replica("anna")
        let second = try bench.open("anna")
        var changes = first.observe().makeAsyncIterator()
        let start = try #require(await changes.next())
        let notes = try TestDomain.audience("notes")
        try await second.record([Draft(notes, operations: TestDomain.create(1, title: "A"))])
        let next = try #require(await changes.next())
        #expect(next.version > start.version)
        #expect(try await first.read { try $0.summaries(of: TestDomain.note).count } == 1)
    }

    @Test func settingsAreKept() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        #expect(try await replica.setting("language") == nil)
        try await replica.set("language", to: "nl")
        try await replica.set("language", to: "en")
        #expect(try await bench.open("anna").setting("language") == "en")
        try await replica.set("language", to: nil)
        #expect(try await replica.setting("language") == nil)
    }

    @Test func everyCommitIsSynced() throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        #expect(try replica.synchronousLevel() == 2)
        try replica.close()
        #expect(try bench.open("anna").synchronousLevel() == 2)
    }
}
