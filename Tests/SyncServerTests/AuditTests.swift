import ChangeLog
import Foundation
import GRDB
import SyncProtocol
import Testing
import TextCRDT
import TransparencyLog

@testable import SyncServer

@Suite struct AuditTests {
    /// A server with accepted, refused, held and waiting changes, a group, a decision and a text.
    private func scene() async throws -> TestServer {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let note = anna.record()
        let own = AudienceID(family: "person", anna.person)
        _ = try await anna.push(
            [
                anna.change([TestDomain.create(note), TestDomain.decide(note, "open")]),
                anna.change([TestDomain.write(note, "refuse")]),
                anna.change([.edit(note, TestDomain.body, check: .empty, [.insert(at: 0, text: "x")])]),
            ]
                + anna.group([
                    (Roster.audience, [TestDomain.write(note, "a")]),
                    (own, [TestDomain.create(anna.record())]),
                ]))
        _ = try await bert.push([
            bert.change([TestDomain.write(note, "hold")]), bert.change([TestDomain.write(note, "b")]),
        ])
        return server
    }

    /// Changes the file behind the server's back.
    private func tamper(_ server: TestServer, _ sql: String) async throws -> VerificationReport {
        await server.service.close()
        let queue = try DatabaseQueue(path: server.path)
        try await queue.write { try $0.execute(sql: sql) }
        try queue.close()
        try await server.reopen()
        return try await server.service.verify()
    }

    @Test func `a server that nobody touched is sound`() async throws {
        let server = try await scene()
        let report = try await server.service.verify()
        #expect(report.isSound, "\(report.findings)")
        #expect(report.head.value == UInt64(report.changes))
    }

    @Test(arguments: [
        // Edited.
        "UPDATE change SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || 'm' AS BLOB)",
        "UPDATE change SET effective = effective + 65536 WHERE position = 6",
        "UPDATE verdict SET state = 4, position = NULL, code = 'no' WHERE position = 6",
        "UPDATE verdict SET hash = zeroblob(32) WHERE state = 4",
        "UPDATE verdict SET state = 2 WHERE state = 4",
        "UPDATE signature SET signature = zeroblob(64) WHERE number = 5",
        "UPDATE fact SET value = x'1361' WHERE field = 'state'",
        "UPDATE textedit SET sum = sum + 1",
        "UPDATE origin SET kind = 'other' WHERE position = 6",
        "UPDATE chain SET number = number + 1 WHERE replica = 2",
        "UPDATE chain SET effective = effective + 65536",
        "UPDATE origin SET author = randomblob(16) WHERE author IS NOT NULL",
        "UPDATE textedit SET replica = 1",
        "UPDATE textedit SET number = 1",
        "UPDATE audience SET first = NULL",
        "UPDATE audience SET first = 5",
        "UPDATE change SET position = -1 WHERE position = 6",
        "UPDATE change SET position = 9223372036854775807 WHERE position = 6",
        "UPDATE change SET position = 0 WHERE position = 1",
        "UPDATE verdict SET position = -1 WHERE position = 6",
        "UPDATE verdict SET behind = 5 WHERE state = 3",
        "UPDATE verdict SET behind = 0 WHERE state = 3",
        "INSERT INTO tree VALUES (-9223372036854775808, x'')",
        "UPDATE treehead SET size = -1 WHERE size = (SELECT max(size) FROM treehead)",
        "UPDATE tree SET hashes = zeroblob(32) WHERE ordinal = 0",
        "UPDATE tree SET hashes = zeroblob(length(hashes)) WHERE ordinal = 1",
        "UPDATE tree SET hashes = zeroblob(31) WHERE ordinal = 0",
        "UPDATE verdict SET received = received + 1 WHERE state = 4",
        "UPDATE verdict SET leaf = leaf + 1 WHERE state = 4",
        "UPDATE treehead SET root = zeroblob(32)",
        "UPDATE treehead SET time = time + 1",
        "UPDATE treehead SET size = size + 1",
        // Dropped.
        "DELETE FROM tree WHERE ordinal = 4",
        "DELETE FROM tree WHERE ordinal = (SELECT max(ordinal) FROM tree)",
        "DELETE FROM treehead",
        "DELETE FROM change WHERE position = 6",
        "DELETE FROM change WHERE position = (SELECT max(position) FROM change)",
        "DELETE FROM verdict WHERE state = 4",
        "DELETE FROM pending",
        "DELETE FROM signature",
        "DELETE FROM fact WHERE field = 'state'",
        "DELETE FROM textedit",
        "DELETE FROM origin WHERE position = 6",
        // Moved.
        """
        UPDATE change SET position = -1 WHERE position = 6; UPDATE change SET position = 6 WHERE position = 7;
        UPDATE change SET position = 7 WHERE position = -1
        """,
        """
        UPDATE change SET position = -1 WHERE position = 6; UPDATE change SET position = 6 WHERE position = 7;
        UPDATE change SET position = 7 WHERE position = -1;
        UPDATE verdict SET position = 13 - position WHERE position IN (6, 7)
        """,
    ])
    func `a row that was edited, dropped or moved is found`(_ sql: String) async throws {
        let server = try await scene()
        let report = try await tamper(server, sql)
        #expect(!report.isSound)
    }

    /// What was done to the tree, and the places and faults that are named.
    @Test(arguments: [
        ("UPDATE tree SET hashes = zeroblob(32) WHERE ordinal = 3", "tree 3: leafOther"),
        (
            "UPDATE tree SET hashes = CAST(substr(hashes, 1, 32) || zeroblob(32) AS BLOB) WHERE ordinal = 1",
            "tree 2: nodeOther"
        ),
        ("DELETE FROM tree WHERE ordinal = 4", "tree 7: treeGap"),
        // Two leaves in each other's place, with all that their rows say.
        (
            """
            UPDATE tree SET ordinal = -1 WHERE ordinal = 0; UPDATE tree SET ordinal = 0 WHERE ordinal = 3;
            UPDATE tree SET ordinal = 3 WHERE ordinal = -1
            """, "tree 0: leafOther"
        ),
        (
            """
            UPDATE verdict SET leaf = 2 - leaf WHERE leaf IN (0, 2)
            """, "tree 0: leafOrder"
        ),
        ("UPDATE verdict SET leaf = leaf + 1 WHERE leaf = 2", "tree 3: leafUnknown"),
        // The newest leaves with the rows that they completed, as after a return to an earlier state.
        ("DELETE FROM tree WHERE ordinal >= 7", "treehead 12: headBeyond"),
    ])
    func `what was done to the tree is named with its place`(_ sql: String, _ named: String) async throws {
        let report = try await tamper(try await scene(), sql)
        #expect(report.findings.contains { "\($0.place): \($0.fault)" == named }, "\(report.findings)")
    }

    /// A leaf is made to say something else, and all that is above it and every verdict with it: only the
    /// signature over the old root tells.
    @Test func `a past that was rewritten with all that follows from it is found by a head`() async throws {
        let server = try await scene()
        let head = try await server.service.comparison(with: 0).signed
        await server.service.close()
        let queue = try DatabaseQueue(path: server.path)
        try await queue.write { db in
            try db.execute(sql: "UPDATE verdict SET received = received - 1 WHERE state = 4")
            let rows = try Row.fetchAll(
                db, sql: "SELECT state, position, hash, received FROM verdict ORDER BY leaf")
            var frontier = TreeFrontier()
            var hashes: [ChangeHash] = []
            for row in rows {
                let verdict = try #require(LoggedVerdict(rawValue: UInt8(row[0] as Int64)))
                let position = (row[1] as Int64?).map { Position(UInt64($0)) }
                let leaf = ReceiptLeaf(
                    received: row[3], change: try row.hash(2), verdict: verdict, position: position)
                hashes += frontier.append(leaf.hash(sha256), hash: sha256)
            }
            try db.execute(
                sql: "DELETE FROM tree; INSERT INTO tree VALUES (0, ?)",
                arguments: [hashes.flatMap(\.bytes).blob])
        }
        try queue.close()
        try await server.reopen()
        let report = try await server.service.verify()
        #expect(
            report.findings.map { "\($0.place): \($0.fault)" } == ["treehead \(head.head.size): headOther"])
        let witnessed = try await server.service.verify(against: [(name: "receipt a", head: head)])
        #expect(witnessed.findings.contains { $0.place == "receipt a" && $0.fault == .headOther })
    }

    /// An older copy of the whole folder is sound in itself; a head that somebody has seen tells.
    @Test func `a server that was put back is found by a head that somebody has seen`() async throws {
        let server = try await scene()
        let copy = server.folder + ".copy"
        await server.service.close()
        try FileManager.default.copyItem(atPath: server.folder, toPath: copy)
        try await server.reopen()
        _ = try await server.device()
        let head = try await server.service.comparison(with: 0).signed
        await server.service.close()
        try FileManager.default.removeItem(atPath: server.folder)
        try FileManager.default.moveItem(atPath: copy, toPath: server.folder)
        try await server.reopen()
        #expect(try await server.service.verify().isSound)
        let report = try await server.service.verify(against: [(name: "receipt a", head: head)])
        #expect(report.findings.map(\.fault) == [.headBeyond])
        // It goes on from there, on another way: a fork.
        while try await server.service.comparison(with: 0).signed.head.size < head.head.size {
            _ = try await server.person("Carla")
        }
        #expect(try await server.service.verify().isSound)
        let fork = try await server.service.verify(against: [(name: "receipt a", head: head)])
        #expect(fork.findings.map { "\($0.place): \($0.fault)" } == ["receipt a: headOther"])
    }
}
