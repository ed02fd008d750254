import ChangeLog
import Cryptography
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore

/// Answers an enrolment: a secret and a request for a certificate come in, the certificate goes out.
///
/// Asked again with the same key it gives the same answer, in a new certificate: the first may have
/// been lost on its way.
struct EnrolmentExchange {
    let workspace: Workspace
    let limits: HTTPLimits
    let logger: Logger

    private struct Question: Decodable {
        let secret: String
        let request: String
        let replica: String
        let device: String
        let renew: Bool?
    }

    private struct Document: Encodable {
        let certificate: String
        let authority: String
        let person: String
        let device: String
        let epoch: String
        let serverKey: String
        let serverReplica: String
        let association: String
    }

    @concurrent
    func reply(to request: Request) async throws -> Reply {
        let (enrolment, certificateRequest) = try await question(request)
        let enrolled: EnrolledDevice
        do {
            enrolled = try await workspace.service.enrol(enrolment, logger)
        } catch let reason as Reason {
            throw RequestFailure(.forbidden, reason)
        }
        let identity = workspace.identity
        let certificate = try identity.authority.issueDevice(
            request: certificateRequest, commonName: enrolled.device.description,
            now: workspace.environment.nowMilliseconds() / 1000,
            validForDays: ServerIdentity.Validity.device)
        let document = Document(
            certificate: certificate.pem, authority: identity.authority.certificate.pem,
            person: enrolled.person.description, device: enrolled.device.description,
            epoch: enrolled.epoch.description,
            serverKey: Hexadecimal.text(identity.signingKey.publicKey.subjectPublicKeyInfo),
            serverReplica: workspace.service.replica.description,
            association: workspace.configuration.association)
        return try .json(document)
    }

    @concurrent
    private func question(_ request: Request) async throws -> (Enrolment, CertificateRequest) {
        let question: Question
        do {
            let body = try await request.body.collect(upTo: limits.enrolmentBytes)
            question = try JSONDecoder().decode(Question.self, from: Data(body.readableBytesView))
        } catch is NIOTooManyBytesError {
            throw RequestFailure(.contentTooLarge, .bodyTooLarge, "\(limits.enrolmentBytes) bytes")
        } catch is DecodingError {
            throw malformed("it is not the JSON of an enrolment")
        }
        guard let secret = Identifier128(hex: question.secret) else { throw malformed("secret") }
        guard let replica = ReplicaID(hex: question.replica) else { throw malformed("replica") }
        do {
            let request = try CertificateRequest(pem: question.request)
            let enrolment = Enrolment(
                secret: secret, publicKey: request.publicKey, replica: replica, deviceName: question.device,
                isRenewal: question.renew ?? false)
            return (enrolment, request)
        } catch {
            throw malformed("\(error)")
        }
    }

    private func malformed(_ why: String) -> RequestFailure {
        RequestFailure(.badRequest, .bodyMalformed, why)
    }
}
