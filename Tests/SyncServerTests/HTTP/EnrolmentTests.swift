import ChangeLog
import Cryptography
import Foundation
import NIOHTTP1
import SyncProtocol
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct EnrolmentTests {
    // P-026
    @Test func `an enrolled device is told all that it needs`() async throws {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            let document = client.document
            #expect(
                document.keys.sorted() == [
                    "association", "authority", "certificate", "device", "epoch", "person", "serverKey",
                    "serverReplica",
                ])
            #expect(document["association"] == "Test")
            #expect(document["person"] == client.device.person.description)
            #expect(document["device"] == client.device.identity.device.description)
            #expect(document["serverReplica"] == server.workspace.service.replica.description)
            #expect(document["authority"] == server.workspace.identity.authority.certificate.pem)
            let signer = server.workspace.identity.signingKey.publicKey
            #expect(document["serverKey"] == Hexadecimal.text(signer.subjectPublicKeyInfo))
            let certificate = try Certificate(pem: try #require(document["certificate"]))
            #expect(certificate.publicKey == client.device.key.publicKey)
            #expect(certificate.commonName == document["device"])
        }
    }

    // P-017
    @Test func `a secret serves one key, as often as that asks`() async throws {
        try await TestInterface.run { server async throws in
            let person = try await server.addPerson("Bas")
            let invitation = try await server.workspace.service.invite(
                person: person, validMilliseconds: 60_000)
            let replica = ReplicaID(Identifier128(high: 1, low: 2))
            let first = try EnrolmentDocument(
                secret: invitation.secret, key: try .generate(), replica: replica, name: "laptop")
            let second = try EnrolmentDocument(
                secret: invitation.secret, key: try .generate(), replica: replica, name: "laptop")
            try await TestConnection.open(to: server.port, try server.anonymous()) {
                connection async throws in
                let one = try await connection.request(.POST, "/enrol", try first.bytes())
                let again = try await connection.request(.POST, "/enrol", try first.bytes())
                #expect(one.status == 200)
                #expect(again.status == 200)
                func device(_ answer: TestConnection.Answer) throws -> String? {
                    try JSONDecoder().decode([String: String].self, from: Data(answer.body))["device"]
                }
                #expect(try device(one) == device(again))
                let other = try await connection.request(.POST, "/enrol", try second.bytes())
                #expect(other.status == 403)
                #expect(other.code == "enrolment.used")
            }
        }
    }

    @Test func `what is no enrolment is refused with its reason`() async throws {
        try await TestInterface.run { server async throws in
            let secret = Identifier128(high: 3, low: 4)
            let replica = ReplicaID(Identifier128(high: 1, low: 2))
            let good = try EnrolmentDocument(
                secret: secret, key: try .generate(), replica: replica, name: "laptop")
            var bodies: [(String, [UInt8])] = [("empty", []), ("text", Array("{}".utf8))]
            func spoilt(_ name: String, _ change: (inout EnrolmentDocument) -> Void) throws {
                var document = good
                change(&document)
                bodies.append((name, try document.bytes()))
            }
            try spoilt("secret") { $0.secret = "12" }
            try spoilt("replica") { $0.replica += "00" }
            try spoilt("request") { $0.request = String($0.request.dropLast(60)) }
            let spoiltBodies = bodies
            try await TestConnection.open(to: server.port, try server.anonymous()) {
                connection async throws in
                for (name, body) in spoiltBodies {
                    let answer = try await connection.request(.POST, "/enrol", body)
                    #expect(answer.status == 400, "\(name)")
                    #expect(answer.code == "body.malformed", "\(name)")
                }
                let unknown = try await connection.request(.POST, "/enrol", try good.bytes())
                #expect(unknown.status == 403)
                #expect(unknown.code == "enrolment.unknown")
            }
        }
    }

    @Test func `a device needs a name of bearable length`() async throws {
        try await TestInterface.run { server async throws in
            let person = try await server.addPerson("Anna")
            let invitation = try await server.workspace.service.invite(
                person: person, validMilliseconds: 60_000)
            let replica = ReplicaID(server.workspace.freshRecord().bits)
            for name in ["", String(repeating: "é", count: 101)] {
                let document = try EnrolmentDocument(
                    secret: invitation.secret, key: try .generate(), replica: replica, name: name)
                try await TestConnection.open(to: server.port, try server.anonymous()) {
                    connection async throws in
                    let answer = try await connection.request(.POST, "/enrol", try document.bytes())
                    #expect(answer.status == 403)
                    #expect(answer.code == "enrolment.name")
                }
            }
        }
    }

    // P-061
    @Test func `a body beyond the limit is refused`() async throws {
        try await TestInterface.run { server async throws in
            try await TestConnection.open(to: server.port, try server.anonymous()) {
                connection async throws in
                let body = [UInt8](repeating: 0x20, count: HTTPLimits().enrolmentBytes + 1)
                let answer = try await connection.request(.POST, "/enrol", body)
                #expect(answer.status == 413)
                #expect(answer.code == "body.tooLarge")
            }
        }
    }
}
