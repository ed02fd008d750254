import ChangeLog
import GRDB
import SyncProtocol
import Testing
import TextCRDT

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
        // Dropped.
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
}
