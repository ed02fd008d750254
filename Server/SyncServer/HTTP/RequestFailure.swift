import ChangeLog
import HTTPTypes
import HummingbirdCore
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
