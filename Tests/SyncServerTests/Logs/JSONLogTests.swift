import ChangeLog
import Foundation
import Logging
import NIOHTTP1
import SyncProtocol
import Synchronization
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct JSONLogTests {
    /// Lines as they were written.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        func append(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }

        func entries() throws -> [[String: String]] {
            try all.map { line in
                try #require(
                    try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String], "\(line)")
            }
        }

        func logger(_ level: Logger.Level = .trace) -> Logger {
            var logger = Logger(label: "test") { _ in
                JSONLogHandler(nowMilliseconds: { 1_800_000_000_123 }) { self.append($0) }
            }
            logger.logLevel = level
            return logger
        }
    }

    @Test func `a message is one line, its members in a fixed order`() {
        let lines = Lines()
        var logger = lines.logger()
        logger[metadataKey: "zebra"] = "last"
        LogEntry(action: .push, object: "o", result: "ok")
            .write(to: logger.answering(RequestNumber(text: "1-2")).acting("a"), .info, "Pushed")
        #expect(
            lines.all == [
                #"{"time":"2027-01-15T08:00:00.123Z","level":"info","message":"Pushed","actor":"a","action":"push","#
                    + #""object":"o","result":"ok","request":"1-2","zebra":"last"}"# + "\n"
            ])
    }

    @Test func `whatever a text holds, it stays one line and one document`() throws {
        let lines = Lines()
        let text = "a\"b\\c\nd\re\tf\u{0}g\u{1b}h\u{7f}é\u{2028}🎈"
        lines.logger().info("\(text)", metadata: ["time": "\(text)", "more": ["\(text)"]])
        #expect(lines.all.count == 1 && lines.all[0].filter { $0 == "\n" }.count == 1)
        let entry = try #require(try lines.entries().first)
        #expect(entry["message"] == text)
        // Nobody can write over the time of a line.
        #expect(entry["time"] == "2027-01-15T08:00:00.123Z")
    }

    @Test func `below the level nothing is written`() {
        let lines = Lines()
        lines.logger(.notice).info("quiet")
        lines.logger(.notice).notice("told")
        #expect(lines.all.count == 1)
    }

    @Test func `a push, a pull, a refusal and a revocation are told with who, what and which request`()
        async throws
    {
        let lines = Lines()
        var environment = TestInterface.environment
        environment.logger = lines.logger(.info)
        try await TestInterface.run(environment: environment) { server async throws in
            let client = try await server.enrolledDevice()
            let device = client.device
            let note = device.record()
            let entries = [
                device.change([TestDomain.create(note)]), device.change([TestDomain.write(note, "refuse")]),
                device.change([TestDomain.write(note, "hold")]),
            ]
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                _ = try await connection.request(
                    "/push", [.hello(device.hello), .push(try device.batch(entries))])
                _ = try await connection.request("/pull", client.want())
                _ = try await connection.request("/push", [.pulse(milliseconds: 1)])
            }
            try await server.workspace.service.revoke(device: device.identity.device, lost: true)
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                #expect(try await connection.request(.GET, "/pull").status == 403)
            }
            let actor = "p\(device.person)/r\(device.identity.device)"
            let told = try lines.entries().filter { $0["actor"] == actor || $0["action"] == "revoke" }
            let results = told.map { "\($0["level"] ?? "") \($0["action"] ?? "") \($0["result"] ?? "")" }
            let expected = [
                "info judge refused(test.refused)", "notice judge held(test.held)",
                "info push accepted=1 held=1 waiting=0 refused=1",
                "info pull ok live=false from=0 changes=\(try changes(of: told))",
                "info request 400 session.outOfOrder", "notice revoke lost",
            ]
            #expect(results == expected)
            #expect(told[0]["object"] == "\(entries[1].envelope.id)")
            #expect(told[0]["request"] == told[2]["request"] && told[2]["request"] != told[3]["request"])
            let stranger = try lines.entries().last { $0["action"] == "request" }
            #expect(stranger?["result"] == "403 device.lost" && stranger?["actor"] == nil)
        }
    }

    /// How many changes there were to pull is not what is asked here.
    private func changes(of told: [[String: String]]) throws -> Int {
        let pull = try #require(told.first { $0["action"] == "pull" }?["result"])
        return try #require(Int(pull.split(separator: "=").last ?? ""))
    }
}
