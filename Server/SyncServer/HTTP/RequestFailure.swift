import ChangeLog
import HTTPTypes
import SyncProtocol

/// A request that is answered with an error: the status for proxies and curl, and the words for people.
struct RequestFailure: Error {
    let status: HTTPResponse.Status
    let error: AdministrationError

    init(_ status: HTTPResponse.Status, _ failure: AdministrationFailure, _ subject: String = "") {
        self.status = status
        error = AdministrationError(failure, subject)
    }

    init(_ status: HTTPResponse.Status, _ reason: Reason) {
        self.status = status
        error = AdministrationError(reason)
    }

    init(_ error: ProtocolError) {
        self.init(.badRequest, Reason(code: error.code.rawValue, message: error.message, remedy: error.remedy))
    }

    var reason: Reason { Reason(code: error.code, message: error.message, remedy: error.remedy) }

    /// `{"error":{"code":"…","message":"…","where":"…","remedy":"…","suggestions":[]}}`
    func document(at path: String) throws -> Reply {
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
        return try .json(Document(error: body), status: status)
    }
}
