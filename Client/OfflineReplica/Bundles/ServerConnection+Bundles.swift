import ChangeLog
import NIOHTTP1

/// How many changes of a bundle the server has given which verdict.
public struct BundleOutcome: Hashable, Sendable, Decodable {
    public let accepted: Int
    public let held: Int
    public let waiting: Int
    public let refused: Int
}

extension ServerConnection {
    /// Bytes of JSON.
    private static let largestAnswer = 65_536

    /// - Throws: `Reason` where the server refuses it; `ConnectionError`.
    func deliver(bundle: [UInt8]) async throws -> BundleOutcome {
        let answer = try await connector.document(
            Connector.Request(
                method: .POST, path: "/bundle", contentType: "application/vnd.voordracht.bundle", body: bundle
            ),
            atMost: Self.largestAnswer)
        let status = answer.head.status
        if status == 200 { return try answer.read(BundleOutcome.self, of: "a bundle") }
        let isAboutBundle = status == 400 || status == 413
        if isAboutBundle, let reason = answer.reason { throw reason }
        throw Self.error(answer.head, answer.reason, at: connector.address)
    }
}
