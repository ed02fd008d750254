import ChangeLog
import Cryptography
import Foundation
import NIOHTTP1
import SecureTransport
import SyncProtocol
import Testing

@testable import SyncServer

/// A person of an organisation with an enrolled device, at a server that runs as a program.
struct ServerMember: Sendable {
    let person: RecordID
    let organisation: RecordID
    let key: PrivateKey
    let replica: ReplicaID
    let epoch: Epoch
    let context: TLSContext

    /// Invites a member by the command line, and enrols a device over the network.
    static func enrol(
        _ name: String, of organisation: String, at folder: String, port: Int, replica: ReplicaID
    ) async throws -> ServerMember {
        let invited = try await ServerProgram.run(
            "invite", "--data", folder, "--name", name, "--organisation", organisation, "--role", "member",
            "--json")
        let link = try EnrolmentLink(try #require(try invited.document()["link"] as? String))
        let authority = try Certificate(pem: try DataFolder(folder).readText("authority.pem"))
        let key = try PrivateKey.generate()
        let question = try EnrolmentDocument(secret: link.secret, key: key, replica: replica, name: "laptop")
        let anonymous = try TLSContext.client(authority: authority, identity: nil)
        let answer = try await TestConnection.open(to: port, anonymous) { connection async throws in
            try await connection.request(.POST, "/enrol", try question.bytes())
        }
        let document = try JSONDecoder().decode([String: String].self, from: Data(answer.body))
        func field(_ name: String) throws -> String { try #require(document[name]) }
        let certificate = try Certificate(pem: try field("certificate"))
        return ServerMember(
            person: try #require(RecordID(hex: try field("person"))),
            organisation: try #require(RecordID(hex: organisation)), key: key, replica: replica,
            epoch: try #require(Epoch(hex: try field("epoch"))),
            context: try TLSContext.client(authority: authority, identity: (certificate, key)))
    }
}
