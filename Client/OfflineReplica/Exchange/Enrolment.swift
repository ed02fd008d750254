public import ChangeLog
public import Cryptography
import Foundation
import NIOCore
import NIOHTTP1
import SecureTransport
public import SyncProtocol

/// Makes this machine a device of a person: keys are made here and stay here, the link says which
/// server to trust, so nothing is trusted on first use.
public enum Enrolment {
    /// What the server answered.
    public struct Outcome: Sendable {
        public let identity: ReplicaIdentity
        public let certificate: Certificate
        public let authority: Certificate
    }

    /// Asks the server of the link for a certificate.
    ///
    /// Repeated with the same key and replica, also after a lost answer, it gives the same device.
    ///
    /// - Parameter isRenewal: whether it is a device already, whose certificate has expired.
    /// - Throws: `ConnectionError`; `Reason` where the server refuses the link.
    public static func request(
        _ link: EnrolmentLink, key: PrivateKey, replica: ReplicaID, deviceName: String,
        isRenewal: Bool = false
    ) async throws -> Outcome {
        guard let address = ServerAddress(link.address), let print = Digest(bytes: link.fingerprint.bytes)
        else {
            throw ConnectionError(
                .unexpected, "\(link.address) is no address of the form host:port", at: link.address)
        }
        let request = try CertificateRequest.make(key: key, commonName: "device")
        let body = try JSONEncoder().encode(
            Question(
                secret: Hexadecimal.text(link.secret.bytes), request: request.pem,
                replica: replica.description, device: deviceName, renew: isRenewal ? true : nil))
        let connector = Connector(
            address: address, context: try TLSContext.client(authorityFingerprint: print),
            proxy: try Proxy.ofProcess(for: address))
        let answer = try await connector.document(
            .init(method: .POST, path: "/enrol", contentType: "application/json", body: Array(body)),
            atMost: Self.largestAnswer)
        guard answer.head.status == 200 else {
            if let reason = answer.reason { throw reason }
            throw ConnectionError(
                .unexpected, "\(address) answered with HTTP status \(answer.head.status)", at: "\(address)")
        }
        return try outcome(of: answer, for: link, replica: replica)
    }

    /// Bytes of JSON; the certificates in it are below 2 KiB each.
    private static let largestAnswer = 65_536

    private struct Question: Encodable {
        let secret: String
        let request: String
        let replica: String
        let device: String
        let renew: Bool?
    }

    private struct Answer: Decodable {
        let certificate: String
        let authority: String
        let person: String
        let device: String
        let epoch: String
        let serverKey: String
        let association: String
    }

    private static func outcome(
        of document: Connector.Document, for link: EnrolmentLink, replica: ReplicaID
    ) throws -> Outcome {
        let address = document.address
        let answer = try document.read(Answer.self, of: "an enrolment")
        let authority = try Certificate(pem: answer.authority)
        guard authority.fingerprint.bytes == link.fingerprint.bytes else {
            throw ConnectionError(
                .untrusted, "\(address) names another authority than the link", at: "\(address)")
        }
        guard let person = RecordID(hex: answer.person), let device = RecordID(hex: answer.device),
            let epoch = Epoch(hex: answer.epoch), let serverKey = Hexadecimal.bytes(answer.serverKey)
        else {
            throw ConnectionError(
                .unexpected, "\(address) answered an enrolment with something else", at: "\(address)")
        }
        let identity = ReplicaIdentity(
            person: person, device: device, replica: replica, address: address.description,
            association: answer.association, serverKey: try PublicKey(subjectPublicKeyInfo: serverKey),
            epoch: epoch)
        return Outcome(
            identity: identity, certificate: try Certificate(pem: answer.certificate), authority: authority)
    }
}
