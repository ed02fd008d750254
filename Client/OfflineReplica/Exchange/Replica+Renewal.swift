public import Cryptography
import NIOHTTP1
import SyncProtocol

/// A way to the server on which a device can ask for another certificate of its key.
public protocol CertificateTransport: FrameTransport {
    /// - Returns: nil where the server gives none: it is of an earlier version.
    /// - Throws: `ConnectionError`.
    func renewedCertificate() async throws -> Certificate?
}

extension Replica {
    /// Asks for another certificate once half of the time of this one is over: so a device that synchronises at all
    /// need never be enrolled again.
    ///
    /// That it fails is passed over, and tried again with the next exchange, until the end is near.
    ///
    /// - Parameter offset: the server's clock minus this machine's, milliseconds. The certificate ends by that clock;
    ///   nil where it is not known, and nothing is asked.
    func renewCertificate(over connection: some FrameTransport, _ offset: Int64?) async throws {
        guard let transport = connection as? any CertificateTransport, let offset else { return }
        let old = try certificate()
        let now = (environment.nowMilliseconds() + offset) / 1000
        guard old.notAfter - now < (old.notAfter - old.notBefore) / 2 else { return }
        let answer: Certificate?
        do { answer = try await transport.renewedCertificate() } catch {
            if old.notAfter - now > Self.concern { return }
            throw error
        }
        guard let new = answer else { return }
        guard new.publicKey == old.publicKey else {
            throw ConnectionError(
                .unexpected, "\(identity.address) gave the certificate of another key", at: identity.address)
        }
        if new.notAfter >= old.notAfter { try replace(certificate: new) }
    }
}

extension Replica {
    /// So long before its end it is a matter for people that a certificate is not renewed, seconds: 60 days.
    private static let concern: Int64 = 60 * 86_400
}

extension ServerConnection: CertificateTransport {
    /// Bytes of JSON; the certificate in it is below 2 KiB.
    private static let largestAnswer = 16_384

    private struct Renewed: Decodable {
        let certificate: String
    }

    public func renewedCertificate() async throws -> Certificate? {
        let answer = try await connector.document(
            .init(method: .POST, path: "/certificate", contentType: "application/json", body: []),
            atMost: Self.largestAnswer)
        if answer.head.status == 404 { return nil }
        guard answer.head.status == 200 else {
            throw Self.error(answer.head, answer.reason, at: connector.address)
        }
        let renewed = try answer.read(Renewed.self, of: "the wish for a certificate")
        guard let certificate = try? Certificate(pem: renewed.certificate) else {
            throw ConnectionError(
                .unexpected, "\(connector.address) answered with something else than a certificate",
                at: "\(connector.address)")
        }
        return certificate
    }
}
