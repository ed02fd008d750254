import ChangeLog
import Foundation

extension Connector {
    /// The whole of a short answer.
    struct Document: Sendable {
        let head: Answer.Head
        let bytes: [UInt8]
        /// Where it comes from.
        let address: ServerAddress

        /// What the server gives as reason; nil where whoever answers may be no server of ours.
        var reason: Reason? {
            guard let error = try? JSONDecoder().decode(Refusal.self, from: Data(bytes)).error else {
                return nil
            }
            return Reason(code: error.code, message: error.message, remedy: error.remedy)
        }

        /// Reads it as JSON.
        ///
        /// - Parameter subject: what was asked for, as `a bundle`.
        /// - Throws: `ConnectionError.unexpected`.
        func read<Value: Decodable>(_ type: Value.Type, of subject: String) throws -> Value {
            do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
                throw ConnectionError(
                    .unexpected, "\(address) answered \(subject) with something else", at: "\(address)")
            }
        }
    }

    private struct Refusal: Decodable {
        struct Detail: Decodable {
            let code: String
            let message: String
            let remedy: String
        }

        let error: Detail
    }

    /// Sends a request and reads its whole answer.
    ///
    /// - Parameter most: bytes; what is longer is cut off, and cannot be read then.
    /// - Throws: `ConnectionError`, as `interrupted` where nobody answers.
    func document(_ request: Request, atMost most: Int) async throws -> Document {
        var head: Answer.Head?
        var bytes: [UInt8] = []
        try await send(request) { part in
            switch part {
            case .head(let received): head = received
            case .bytes(let more): bytes += more
            }
            return bytes.count <= most
        }
        return Document(head: try answered(head), bytes: bytes, address: address)
    }

    /// - Throws: `ConnectionError.interrupted` where the connection ended before an answer.
    func answered(_ head: Answer.Head?) throws -> Answer.Head {
        guard let head else {
            throw ConnectionError(.interrupted, "\(address) does not answer", at: "\(address)")
        }
        return head
    }
}
