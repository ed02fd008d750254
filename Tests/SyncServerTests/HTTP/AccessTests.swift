import ChangeLog
import Cryptography
import NIOHTTP1
import SecureTransport
import SyncProtocol
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct AccessTests {
    // P-013
    @Test func `without a certificate only health and enrolment are open`() async throws {
        try await TestInterface.run { server async throws in
            try await TestConnection.open(to: server.port, try server.anonymous()) {
                connection async throws in
                #expect(try await connection.request(.GET, "/healthz").status == 200)
                #expect(try await connection.request(.GET, "/readyz").status == 200)
                for path in [
                    "/pull", "/declined", "/pull?live=1", "/", "/nothing", "/healthz/../pull", "/ENROL",
                ] {
                    let answer = try await connection.request(.GET, path)
                    #expect(answer.status == 401, "\(path)")
                    #expect(answer.code == "certificate.missing")
                }
                let push = try await connection.request("/push", [])
                #expect(push.status == 401)
                #expect(push.code == "certificate.missing")
            }
        }
    }

    @Test func `a server that cannot keep anything is alive and not ready`() async throws {
        try await TestInterface.run { server async throws in
            try await TestConnection.open(to: server.port, try server.anonymous()) {
                connection async throws in
                await server.workspace.service.close()
                #expect(try await connection.request(.GET, "/healthz").status == 200)
                let answer = try await connection.request(.GET, "/readyz")
                #expect(answer.status == 503)
                #expect(answer.code == "server.notReady")
            }
        }
    }

    @Test func `no answer names the program`() async throws {
        try await TestInterface.run { server async throws in
            try await TestConnection.open(to: server.port, try server.anonymous()) {
                connection async throws in
                let answer = try await connection.request(.GET, "/healthz")
                #expect(answer.headers.first(name: "server") == nil)
                #expect(answer.headers.first(name: "cache-control") == "no-store")
            }
        }
    }

    @Test func `other methods than the ones of a route are answered with those`() async throws {
        try await TestInterface.run { server async throws in
            try await TestConnection.open(to: server.port, try server.anonymous()) {
                connection async throws in
                let answer = try await connection.request(.DELETE, "/enrol")
                #expect(answer.status == 405)
                #expect(answer.code == "method.notAllowed")
                #expect(answer.headers.first(name: "allow") == "POST")
            }
        }
    }

    @Test func `a device finds what there is, and nothing else`() async throws {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                #expect(try await connection.request(.GET, "/nothing").status == 404)
                #expect(try await connection.request(.PUT, "/pull").status == 405)
                #expect(try await connection.request(.GET, "/pull").status == 200)
            }
        }
    }

    // P-013
    @Test func `a certificate of the authority for a device that nobody enrolled is refused`() async throws {
        try await TestInterface.run { server async throws in
            let key = try PrivateKey.generate()
            let authority = server.workspace.identity.authority
            let certificate = try authority.issueDevice(
                request: try CertificateRequest.make(key: key, commonName: "device"), commonName: "stranger",
                now: TestInterface.environment.nowMilliseconds() / 1000, validForDays: 1)
            let context = try TLSContext.client(
                authority: authority.certificate, identity: (certificate, key))
            try await TestConnection.open(to: server.port, context) { connection async throws in
                let answer = try await connection.request(.GET, "/pull")
                #expect(answer.status == 403)
                #expect(answer.code == "device.unknown")
            }
        }
    }

    // P-013, P-014, P-018
    @Test func `a revoked device gets nothing, on its open connection and in a continued session`()
        async throws
    {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            let device = client.device.identity.device
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                #expect(try await connection.request("/pull", client.want()).status == 200)
                try await server.workspace.service.revoke(device: device, lost: true)
                let answer = try await connection.request("/pull", client.want())
                #expect(answer.status == 403)
                #expect(answer.code == "device.lost")
                // Whoever asks with curl is answered in a document.
                let plain = try await connection.request(.GET, "/pull")
                #expect(plain.status == 403)
                #expect(plain.code == "device.lost")
            }
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                #expect(connection.isResumed)
                let answer = try await connection.request("/push", [.hello(client.device.hello)])
                #expect(answer.status == 403)
                #expect(answer.code == "device.lost")
            }
        }
    }
}
