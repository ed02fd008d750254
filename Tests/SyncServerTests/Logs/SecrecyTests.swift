import ChangeLog
import Cryptography
import Foundation
import NIOHTTP1
import SecureTransport
import SyncProtocol
import Testing
import TextCRDT

@testable import SyncServer

/// The built program at its most talkative, told secrets in every place where somebody could put one.
@Suite(.timeLimit(.minutes(2))) struct SecrecyTests {
    private static let seed: UInt64 = 20_261_127

    /// What was planted, and randomness for more.
    private struct Aviary {
        var random = SplitMix64(seed: SecrecyTests.seed)
        var canaries: [Canary] = []

        mutating func text(_ place: String) -> String {
            let canary = Canary(place, &random)
            canaries.append(canary)
            return canary.text
        }

        mutating func keep(_ place: String, _ text: String) {
            canaries.append(Canary(place, is: text))
        }
    }

    @Test func `nothing that people write, and no secret, comes out in the log or on the page`() async throws
    {
        var aviary = Aviary()
        let folder = TestInterface.freshFolder()
        let made = try await ServerProgram.run(
            "init", "--data", folder, "--address", "127.0.0.1:0", "--association",
            aviary.text("the association's name"))
        aviary.keep("the first link", made.output)
        let server = try ServerProgram.start([
            "serve", "--data", folder, "--log", "json", "--log-level", "trace", "--metrics", "127.0.0.1:0",
        ])
        // In whatever order the two have begun to listen.
        var ports: [String: Int] = [:]
        while ports.count < 2 {
            let line = try #require(await server.line())
            let port = try #require(line.split { !$0.isNumber }.last.flatMap { Int($0) })
            ports[line.hasPrefix("metrics") ? "page" : "port"] = port
        }
        let (port, page) = (try #require(ports["port"]), try #require(ports["page"]))
        let organisation = try await administer(folder, &aviary)
        let member = try await enrol(folder, port, organisation, &aviary)
        try await push(member, port, &aviary)
        try await damage(member, port, &aviary)
        // The positive control: an id of a device is no secret, and the same search finds it.
        let device = Canary("the device's id", is: "\(Engine.device(of: member.key.publicKey))")
        let metrics = try await MetricsPage.fetch(port: page).text
        server.terminate()
        let log = await server.end().errors
        let seed = Self.seed
        #expect(aviary.canaries.count >= 20, "\(aviary.canaries.count)")
        #expect(device.isFound(in: log), "the control is missing from the log")
        #expect(
            metrics.contains("voordracht_verdicts_total{code=\"audience.forbidden\",verdict=\"refused\"}"))
        #expect(log.contains("accepted=") && log.contains("\"refused(") && log.contains("frame.malformed"))
        for canary in aviary.canaries {
            #expect(!canary.isFound(in: log), "seed \(seed): \(canary.place) in the log")
            #expect(!canary.isFound(in: metrics), "seed \(seed): \(canary.place) on the page")
        }
        try FileManager.default.removeItem(atPath: folder)
    }

    /// - Returns: the id of an organisation.
    private func administer(_ folder: String, _ aviary: inout Aviary) async throws -> String {
        let added = try await ServerProgram.run(
            "organisation", "add", aviary.text("the organisation's name"), "--data", folder, "--json")
        let organisation = String(try #require(try added.document()["record"] as? String).dropFirst())
        let file = folder + ".csv"
        try Data("name,kvk\n\(aviary.text("a name in a table")),\n".utf8).write(
            to: URL(fileURLWithPath: file))
        _ = try await ServerProgram.run("organisation", "import", file, "--data", folder)
        try FileManager.default.removeItem(atPath: file)
        for arguments in [
            ["decline", aviary.text("a change that there is not"), "--reason", aviary.text("a reason")],
            ["revoke", aviary.text("a device that there is not"), "--lost"],
            ["invite", "--for", aviary.text("a person that there is not")],
        ] {
            let failed = await (try ServerProgram.start(arguments + ["--data", folder])).end()
            #expect(failed.status == 1)
        }
        return organisation
    }

    private func enrol(
        _ folder: String, _ port: Int, _ organisation: String, _ aviary: inout Aviary
    ) async throws -> ServerMember {
        let replica = ReplicaID(Identifier128(high: aviary.random.next(), low: aviary.random.next()))
        let invited = try await ServerProgram.run(
            "invite", "--data", folder, "--name", aviary.text("a person's name"), "--organisation",
            organisation,
            "--role", "member", "--json")
        let text = try #require(try invited.document()["link"] as? String)
        let link = try EnrolmentLink(text)
        aviary.keep("the link", text)
        aviary.keep("the secret", link.secret.hex)
        let authority = try Certificate(pem: try DataFolder(folder).readText("authority.pem"))
        let key = try PrivateKey.generate()
        let name = aviary.text("the device's name")
        var question = try EnrolmentDocument(secret: link.secret, key: key, replica: replica, name: name)
        question.request = try CertificateRequest.make(
            key: key, commonName: aviary.text("the name in a request for a certificate")
        ).pem
        let anonymous = try TLSContext.client(authority: authority, identity: nil)
        let (wrong, garbage) = (aviary.text("a wrong secret"), aviary.text("an enrolment that is no JSON"))
        let questions = [
            try question.bytes(), Array("{\"secret\":\"\(wrong)\"}".utf8), Array("{\"\(garbage)".utf8),
        ]
        let answers = try await TestConnection.open(to: port, anonymous) { connection async throws in
            var answers: [TestConnection.Answer] = []
            for body in questions { answers.append(try await connection.request(.POST, "/enrol", body)) }
            return answers
        }
        #expect(answers.map(\.status) == [200, 400, 400])
        let document = try JSONDecoder().decode([String: String].self, from: Data(answers[0].body))
        func field(_ name: String) throws -> String { try #require(document[name]) }
        aviary.keep("the certificate", try field("certificate").split(separator: "\n")[3].description)
        return ServerMember(
            person: try #require(RecordID(hex: try field("person"))),
            organisation: try #require(RecordID(hex: organisation)), key: key, replica: replica,
            epoch: try #require(Epoch(hex: try field("epoch"))),
            context: try TLSContext.client(
                authority: authority, identity: (try Certificate(pem: try field("certificate")), key)))
    }

    /// Changes that are accepted, and changes that are refused.
    private func changes(_ member: ServerMember, _ aviary: inout Aviary) throws -> [Attack] {
        var device = HostileDevice(member, victim: member, seed: aviary.random.next())
        let own = AudienceID(family: "person", member.person)
        let record = device.record()
        let foreign = device.record()
        let phrase = "een paard een batterij \(aviary.text("something like a passphrase"))"
        let bytes = Array("%PDF \(aviary.text("a file"))".utf8)
        let field = try #require(FieldName("veld" + aviary.text("a field's name")))
        return [
            try device.kept(
                [
                    device.change([
                        .create(device.note, kind: "annotation", parent: nil, key: nil),
                        .write(
                            device.note, "quote", .register, .text(aviary.text("a text of an organisation"))),
                        .edit(
                            device.note, "body", check: .empty,
                            [
                                .insert(at: 0, text: aviary.text("a long text"))
                            ]),
                    ])
                ], as: ["accepted"]),
            try device.kept(
                [
                    device.change(
                        in: own,
                        [
                            .create(record, kind: "annotation", parent: nil, key: nil),
                            .write(record, "quote", .register, .text(phrase)),
                        ])
                ], as: ["accepted"]),
            try device.kept(
                [device.change([.write(device.note, field, .register, .bytes(bytes))])], as: ["accepted"]),
            try device.kept(
                [
                    device.change(
                        in: Roster.audience,
                        [.write(member.person, "name", .decided, .text(aviary.text("a refused name")))])
                ], as: ["field.moved"]),
            try device.kept(
                [
                    device.change(
                        in: device.spareAudience(),
                        [
                            .create(foreign, kind: "annotation", parent: nil, key: nil),
                            .write(
                                foreign, "quote", .register, .text(aviary.text("a text for somebody else"))),
                        ])
                ],
                as: ["audience.forbidden"]),
            try device.kept(
                [
                    device.change([
                        .write(device.record(), "title", .register, .text(aviary.text("a text of no record")))
                    ])
                ], as: ["record.unknown"]),
            try device.kept(
                [
                    device.change([
                        .create(
                            device.record(), kind: "nomination", parent: nil,
                            key: RecordKey([.text(aviary.text("a key"))]))
                    ])
                ], as: ["record.key"]),
        ]
    }

    private func push(_ member: ServerMember, _ port: Int, _ aviary: inout Aviary) async throws {
        let attacks = try changes(member, &aviary)
        let answers = try await TestConnection.open(to: port, member.context) { connection async throws in
            var answers: [TestConnection.Answer] = []
            for attack in attacks {
                answers.append(
                    try await connection.request(
                        .POST, attack.path, attack.body, headers: ["content-type": TestConnection.frameType]))
            }
            return answers
        }
        let told = answers.flatMap(\.frames).flatMap { frame -> [String] in
            if case .verdicts(let entries) = frame { entries.map(\.verdict.code) } else { [] }
        }
        #expect(Set(["accepted", "audience.forbidden", "field.moved"]).isSubset(of: told), "\(told)")
    }

    /// Requests that are none.
    private func damage(_ member: ServerMember, _ port: Int, _ aviary: inout Aviary) async throws {
        let device = HostileDevice(member, victim: member, seed: aviary.random.next())
        let frame = device.hello.bytes + [0, 0, 0, 64, 2] + Array(aviary.text("a damaged frame").utf8)
        let unknown = device.hello.bytes + [0, 0, 0, 9, 99] + Array("12345678".utf8)
        let requests: [(HTTPMethod, String, [UInt8])] = [
            (.POST, "/push", frame), (.POST, "/push", unknown), (.POST, "/pull", frame),
            (.POST, "/push", device.hello.bytes + [0, 0, 0, 1, 2]),
            (.GET, "/pull?cursor=\(aviary.text("a query"))", []),
            (.GET, "/\(aviary.text("a path"))", []),
            (.RAW(value: aviary.text("a method").uppercased()), "/push", []),
        ]
        let headers: HTTPHeaders = [
            "content-type": TestConnection.frameType, "x-note": aviary.text("a header"),
            "authorization": "Bearer \(aviary.text("a token"))",
            "user-agent": aviary.text("a program's name"),
        ]
        for (method, path, body) in requests {
            try await TestConnection.open(to: port, member.context) { connection async throws in
                // What is no HTTP may end the connection instead of being answered.
                do {
                    let answer = try await connection.request(method, path, body, headers: headers)
                    #expect(answer.status >= 200)
                } catch {}
            }
        }
    }
}
