import ChangeLog
import Foundation
import NIOHTTP1

/// How many changes of a bundle the server has given which verdict.
public struct BundleOutcome: Hashable, Sendable, Decodable {
    public let accepted: Int
    public let held: Int
    public let waiting: Int
    public let refused: Int
}

extension ServerConnection {
    private struct Refusal: Decodable {
        struct Detail: Decodable {
            let code: String
            let message: String
            let remedy: String
        }

        let error: Detail
    }

    /// Bytes of JSON.
    private static let largestAnswer = 65_536

    /// - Throws: `Reason` where the server refuses it; `ConnectionError`.
    func deliver(bundle: [UInt8]) async throws -> BundleOutcome {
        var head: Connector.Answer.Head?
        var answer: [UInt8] = []
        let request = Connector.Request(
            method: .POST, path: "/bundle", contentType: "application/vnd.voordracht.bundle", body: bundle)
        try await connector.send(request) { part in
            switch part {
            case .head(let received): head = received
            case .bytes(let bytes): answer += bytes
            }
            return answer.count <= Self.largestAnswer
        }
        guard let head else {
            throw ConnectionError(
                .interrupted, "\(connector.address) does not answer", at: "\(connector.address)")
        }
        let decoder = JSONDecoder()
        if head.status == 200 {
            do { return try decoder.decode(BundleOutcome.self, from: Data(answer)) } catch {
                throw ConnectionError(
                    .unexpected, "\(connector.address) answered a bundle with something else",
                    at: "\(connector.address)")
            }
        }
        // Whoever answers may be no server of ours: then there is no reason in it.
        let refusal = try? decoder.decode(Refusal.self, from: Data(answer)).error
        let reason = refusal.map { Reason(code: $0.code, message: $0.message, remedy: $0.remedy) }
        let isAboutBundle = head.status == 400 || head.status == 413
        if isAboutBundle, let reason { throw reason }
        throw Self.error(head, reason, at: connector.address)
    }
}
