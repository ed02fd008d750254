import ChangeLog
import HTTPTypes
import HummingbirdCore
import Logging
import SyncProtocol

/// A request that is answered with an error: the status for proxies and curl, and the words for people.
struct RequestFailure: Error {
    let status: HTTPResponse.Status
    let error: AdministrationError
    /// What else the answer's head says.
    let fields: HTTPFields

    init(
        _ status: HTTPResponse.Status, _ failure: AdministrationFailure, _ subject: String = "",
        fields: HTTPFields = [:]
    ) {
        self.status = status
        error = AdministrationError(failure, subject)
        self.fields = fields
    }

    init(_ status: HTTPResponse.Status, _ reason: Reason) {
        self.status = status
        error = AdministrationError(reason)
        fields = [:]
    }

    init(_ error: ProtocolError) {
        self.init(
            .badRequest, Reason(code: error.code.rawValue, message: error.message, remedy: error.remedy))
    }

    var reason: Reason { Reason(code: error.code, message: error.message, remedy: error.remedy) }

    /// What a device is told in a frame of an error that ends its exchange.
    ///
    /// - Throws: the error, when nobody is there to be told: the device has gone, or waits no longer.
    static func reason(for error: any Error, _ logger: Logger) throws -> Reason {
        switch error {
        case let failure as RequestFailure: return failure.reason
        case let reason as Reason: return reason
        case let error as ProtocolError: return RequestFailure(error).reason
        case let refusal as Traffic.Refusal: return RequestFailure(refusal).reason
        case let failure as ServerError:
            logger.error("An exchange failed", metadata: failure.detail)
            return failure.reason
        default: throw error
        }
    }

    /// Whoever speaks in frames gets a refusal in a frame, everybody else a document.
    func reply(to request: Request) throws -> Reply {
        if request.headers[.contentType] == Reply.frameType {
            let frame = Frame.refusal(reason).bytes
            return .document(frame, type: Reply.frameType, status: status, fields: fields)
        }
        return try document(at: request.uri.path)
    }

    /// `{"error":{"code":"…","message":"…","where":"…","remedy":"…","suggestions":[]}}`
    private func document(at path: String) throws -> Reply {
        struct Document: Encodable {
            struct Body: Encodable {
                let code: String
                let message: String
                let `where`: String
                let remedy: String
                let suggestions: [String]
            }
            let error: Body
        }
        let body = Document.Body(
            code: error.code, message: error.message, where: error.place.isEmpty ? path : error.place,
            remedy: error.remedy, suggestions: error.suggestions)
        return try .json(Document(error: body), status: status, fields: fields)
    }
}
