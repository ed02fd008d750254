import ChangeLog
import Cryptography
import Foundation
import GRDB
import NIOHTTP1
import SecureTransport
import SyncProtocol
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(2))) struct ProgramTests {
    private func folder() -> String { TestInterface.freshFolder() }

    private func initialized() async throws -> String {
        let folder = folder()
        let made = try await ServerProgram.run("init", "--data", folder, "--address", "127.0.0.1:0", "--json")
        #expect(made.status == 0)
        return folder
    }

    @Test func `init, serve and invite lead a device to its first pull`() async throws {
        let folder = folder()
        let made = try await ServerProgram.run(
            "init", "--data", folder, "--address", "127.0.0.1:0", "--association", "Sociaal Werk", "--json")
        #expect(made.status == 0)
        #expect(try made.document().keys.sorted() == ["address", "epoch", "expires", "link", "person"])
        let server = try ServerProgram.start(["serve", "--data", folder, "--log", "json"])
        let line = try #require(await server.line())
        #expect(line.hasPrefix("listening on https://127.0.0.1:"))
        let port = try #require(Int(line.split(separator: ":").last ?? ""))
        let invited = try await ServerProgram.run(
            "invite", "--data", folder, "--name", "Anna", "--role", "auditor", "--json")
        #expect(try invited.document().keys.sorted() == ["expires", "link", "person"])
        let text = try #require(try invited.document()["link"] as? String)
        let link = try EnrolmentLink(text)
        #expect(link.address == "127.0.0.1:\(port)")
        try await enrolAndPull(link, port: port, folder: folder)
        let devices = try await ServerProgram.run("devices", "--data", folder, "--json")
        #expect(try devices.document()["total"] as? Int == 2)
        let laptop = try #require(
            (try devices.document()["items"] as? [[String: Any]])?.first { $0["name"] as? String == "laptop" }
        )
        #expect((laptop["record"] as? String)?.first == "r" && (laptop["person"] as? String)?.first == "p")
        server.terminate()
        let end = await server.end()
        #expect(end.status == 0)
        // What an administrator wants to know by default, and no more.
        let told = try end.errors.split(separator: "\n").map { line in
            let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
            return try #require(entry)
        }
        #expect(told.map { $0["action"] } == ["invite", "task", "enrol", "task"])
        #expect(told.map { $0["object"]?.first } == ["p", "i", "r", "d"])
        #expect(told.allSatisfy { $0["level"] == "notice" && $0["result"] == "ok" && $0["actor"] != nil })
        #expect(try await ServerProgram.run("verify", "--data", folder).status == 0)
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func `what a walk finds is told in both languages, and by a code`() async throws {
        let folder = try await initialized()
        let database = try DatabaseQueue(path: folder + "/server.db")
        try await database.write { try $0.execute(sql: "DELETE FROM signature") }
        try database.close()
        for (language, sentence) in [
            ("nl", "Geen handtekening dekt de wijziging."), ("en", "No signature covers it."),
        ] {
            let walked = try await ServerProgram.run("verify", "--data", folder, "--language", language)
            #expect(walked.status == 1)
            #expect(walked.output.contains(sentence), "\(walked.output)")
        }
        let document = try await ServerProgram.run("verify", "--data", folder, "--json").document()
        let findings = try #require(document["findings"] as? [[String: Any]])
        #expect(findings.first?["code"] as? String == "unsigned")
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func `every fault of a walk has a sentence of its own`() {
        let sentences = AuditFault.allCases.map { $0.message("7") }
        #expect(Set(sentences).count == sentences.count)
    }

    private func enrolAndPull(_ link: EnrolmentLink, port: Int, folder: String) async throws {
        let authority = try Certificate(pem: try DataFolder(folder).readText("authority.pem"))
        #expect(link.fingerprint.bytes == authority.fingerprint.bytes)
        let key = try PrivateKey.generate()
        let document = try EnrolmentDocument(
            secret: link.secret, key: key, replica: .init(.init(high: 1, low: 1)), name: "laptop")
        let anonymous = try TLSContext.client(authority: authority, identity: nil)
        let answer = try await TestConnection.open(to: port, anonymous) { connection async throws in
            try await connection.request(.POST, "/enrol", try document.bytes())
        }
        let reply = try JSONDecoder().decode([String: String].self, from: Data(answer.body))
        #expect(reply["association"] == "Sociaal Werk")
        let pem = try #require(reply["certificate"])
        let certificate = try Certificate(pem: pem)
        let context = try TLSContext.client(authority: authority, identity: (certificate, key))
        try await TestConnection.open(to: port, context) { connection async throws in
            let pulled = try await connection.request(.GET, "/pull")
            #expect(pulled.status == 200)
            #expect(!pulled.frames.flatMap(\.delivered).isEmpty)
        }
    }

    @Test func `wrong use ends with 2, what could not be done with 1`() async throws {
        let missing = folder()
        for arguments in [
            ["frobnicate"], ["serve"], ["serve", "--data", missing, "--listen", "8443"],
            ["invite", "--data", missing], ["devices", "--data"],
        ] {
            let process = try ServerProgram.start(arguments)
            let result = await process.end()
            #expect(result.status == 2, "\(arguments)")
            #expect(result.output == "")
            #expect(result.errors.hasPrefix("error: ") && !result.errors.contains("\n"))
        }
        let nothing = try await ServerProgram.run("devices", "--data", missing)
        #expect(nothing.status == 1)
        #expect(nothing.errors.split(separator: "\n").count == 1)
        #expect(try await ServerProgram.run("--help").status == 0)
        #expect(try await ServerProgram.run("--version").output == "0.1.0")
    }

    @Test func `a host that cannot stand in a certificate leaves nothing behind`() async throws {
        let folder = folder()
        let result = try await ServerProgram.run("init", "--data", folder, "--address", "a..b:1", "--json")
        #expect(result.status == 1)
        #expect(try result.code() == "key.invalidField")
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test func `errors are documents where JSON is asked for`() async throws {
        let missing = folder()
        #expect(
            try await ServerProgram.run("devices", "--data", missing, "--json").code() == "folder.missing")
        let usage = try await ServerProgram.run("invite", "--data", missing, "--json")
        #expect(usage.status == 2)
        #expect(try usage.code() == "usage.arguments")
        let error = try #require(try usage.document()["error"] as? [String: Any])
        #expect(error.keys.sorted() == ["code", "message", "remedy", "suggestions", "where"])
    }

    @Test func `errors and results are told in Dutch or English`() async throws {
        let missing = folder()
        let dutch = try await ServerProgram.run("devices", "--data", missing, language: "nl_NL.UTF-8")
        #expect(dutch.errors.hasPrefix("error: Er is geen server in \(missing);"))
        let english = try await ServerProgram.run(
            "devices", "--data", missing, "--language", "en", language: "nl_NL.UTF-8")
        #expect(english.errors.hasPrefix("error: There is no server in \(missing);"))
        #expect(try await ServerProgram.run("devices", "--data", missing, "--language", "de").status == 2)
    }

    @Test func `arguments that are no UTF-8 are not repaired`() async throws {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("voordracht-server").path
        shell.arguments = ["-c", #"exec "$0" devices --data "$(printf '/x\377')""#, program]
        let result = await (try ServerProgram.Running(shell)).end()
        #expect(result.status == 2)
        #expect(result.errors.contains("UTF-8"))
    }

    @Test func `organisations are added, imported again without effect, and listed in parts`() async throws {
        let folder = try await initialized()
        let one = try await ServerProgram.run(
            "organisation", "add", "Welzijn", "--kvk", "12345678", "--data", folder, "--json")
        #expect(try one.document()["kvk"] as? String == "12345678")
        #expect((try one.document()["record"] as? String)?.first == "r")
        let file = folder + ".csv"
        let table = "\u{feff}Name;KvK\r\n\"Dock; Zuid\";87654321\r\nÉlan;\r\n\r\nWelzijn Noord;12345678\r\n"
        try Data(table.utf8).write(to: URL(fileURLWithPath: file))
        let first = try await ServerProgram.run("organisation", "import", file, "--data", folder, "--json")
            .document()
        #expect(first["added"] as? Int == 2)
        #expect(first["changed"] as? Int == 1)
        let again = try await ServerProgram.run("organisation", "import", file, "--data", folder, "--json")
            .document()
        #expect(again["unchanged"] as? Int == 3)
        let list = try await ServerProgram.run(
            "organisation", "list", "--data", folder, "--json", "--limit", "2"
        ).document()
        // With the letter and without, as everywhere.
        let next = try #require(list["next"] as? String)
        #expect(next.first == "r" && next.count == 33)
        #expect(list["total"] as? Int == 3)
        let rest = try await ServerProgram.run(
            "organisation", "list", "--data", folder, "--json", "--after", String(next.dropFirst())
        ).document()
        let items = try [list, rest].flatMap { try #require($0["items"] as? [[String: Any]]) }
        let titles = items.compactMap { $0["title"] as? String }.sorted()
        #expect(titles == ["Dock; Zuid", "Welzijn Noord", "Élan"])
        // Keys never vanish.
        #expect(items.allSatisfy { $0.keys.contains("kvk") })
        #expect(rest.keys.contains("next"))
        for path in [folder, file] { try FileManager.default.removeItem(atPath: path) }
    }

    @Test func `a table with a fault names the line and changes nothing`() async throws {
        let folder = try await initialized()
        let file = folder + ".csv"
        for (table, line) in [("name,kvk\nA,1\n", ":2"), ("name\nA\nB,C\n", ":3"), ("naam\nA\n", "")] {
            try Data(table.utf8).write(to: URL(fileURLWithPath: file))
            let result = try await ServerProgram.run(
                "organisation", "import", file, "--data", folder, "--json")
            #expect(result.status == 1)
            let error = try #require(try result.document()["error"] as? [String: Any])
            #expect(error["where"] as? String == file + line)
        }
        let list = try await ServerProgram.run("organisation", "list", "--data", folder, "--json").document()
        #expect(list["total"] as? Int == 0)
        for path in [folder, file] { try FileManager.default.removeItem(atPath: path) }
    }

    @Test func `people are invited, found by name, and given roles`() async throws {
        let folder = try await initialized()
        _ = try await ServerProgram.run(
            "organisation", "add", "Welzijn", "--kvk", "12345678", "--data", folder)
        _ = try await ServerProgram.run(
            "organisation", "add", "Jeugdwerk", "--kvk", "87654321", "--data", folder)
        for organisation in ["welzijn", "87654321"] {
            let invited = try await ServerProgram.run(
                "invite", "--data", folder, "--name", "Anna de Vries", "--role", "member", "--role",
                "contact",
                "--organisation", organisation)
            #expect(invited.status == 0)
            // The link alone, for scripts; the words beside it go to standard error.
            #expect(invited.output.hasPrefix("voordracht://enrol/"))
            #expect(!invited.output.contains { $0.isWhitespace } && invited.errors.contains("Anna de Vries"))
        }
        // Known there already: a second device, or a namesake.
        let known = try await ServerProgram.run(
            "invite", "--data", folder, "--name", "Anna de Vries", "--role", "member", "--organisation",
            "12345678", "--json")
        #expect(try known.code() == "person.exists")
        let ambiguous = try await ServerProgram.run(
            "invite", "--data", folder, "--for", "anna de vries", "--json")
        #expect(try ambiguous.code() == "record.ambiguous")
        let people = try await ServerProgram.run("person", "list", "--data", folder, "--json").document()
        let items = try #require(people["items"] as? [[String: Any]])
        #expect(
            items.compactMap { $0["organisationName"] as? String }.sorted() == ["Jeugdwerk", "Welzijn"])
        let anna = try #require(
            items.first { $0["name"] as? String == "Anna de Vries" }?["record"] as? String)
        #expect(anna.first == "p" && anna.count == 33)
        #expect(items.allSatisfy { ($0["organisation"] as? String).map { $0.first == "r" } ?? true })
        let changed = try await ServerProgram.run(
            "person", "set-role", String(anna.dropFirst().prefix(6)), "reviewer", "--data", folder, "--json")
        #expect(try changed.document()["roles"] as? [String] == ["reviewer"])
        let unknown = try await ServerProgram.run(
            "person", "set-role", String(anna.prefix(7)), "king", "--data", folder, "--json", "--language",
            "nl")
        #expect(try unknown.code() == "role.unknown")
        let again = try await ServerProgram.run("invite", "--data", folder, "--for", anna, "--valid", "3")
        #expect(again.status == 0)
        #expect(
            try await ServerProgram.run("invite", "--data", folder, "--for", anna, "--valid", "0").status == 2
        )
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func `a second server and a taken port are told apart`() async throws {
        let folder = try await initialized()
        let other = try await initialized()
        let server = try ServerProgram.start(["serve", "--data", folder])
        let line = try #require(await server.line())
        let address = line.replacingOccurrences(of: "listening on https://", with: "")
        let second = try await ServerProgram.run("serve", "--data", folder, "--json")
        #expect(second.status == 1)
        #expect(try second.code() == "folder.busy")
        let taken = try await ServerProgram.run("serve", "--data", other, "--listen", address, "--json")
        #expect(taken.status == 1)
        #expect(try taken.code() == "server.portTaken")
        server.terminate()
        #expect(await server.end().status == 0)
        for path in [folder, other] { try FileManager.default.removeItem(atPath: path) }
    }
}
