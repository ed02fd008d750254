import Cryptography
import Foundation
import SecureTransport

/// An authority with a server and two devices, made anew for each test.
struct TestAuthority {
    let authority: CertificateAuthority
    let serverKey: PrivateKey
    let server: Certificate

    static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    init(hosts: [String] = ["localhost", "127.0.0.1"]) throws {
        authority = try CertificateAuthority.create(
            commonName: "Test", key: .generate(), now: Self.now, validForDays: 30)
        serverKey = try PrivateKey.generate()
        server = try authority.issueServer(
            key: serverKey.publicKey, hosts: hosts, now: Self.now, validForDays: 10)
    }

    func device(_ name: String, now: Int64 = now) throws -> (certificate: Certificate, key: PrivateKey) {
        let key = try PrivateKey.generate()
        let request = try CertificateRequest.make(key: key, commonName: "x")
        let certificate = try authority.issueDevice(
            request: request, commonName: name, now: now, validForDays: 10)
        return (certificate, key)
    }

    func serverContext() throws -> TLSContext {
        try TLSContext.server(
            certificate: server, key: serverKey, deviceAuthority: authority.certificate)
    }

    func clientContext(
        identity: (certificate: Certificate, key: PrivateKey)? = nil,
        sessions: ClientSessionCache = ClientSessionCache()
    ) throws -> TLSContext {
        try TLSContext.client(
            authority: authority.certificate, identity: identity, sessions: sessions)
    }
}
