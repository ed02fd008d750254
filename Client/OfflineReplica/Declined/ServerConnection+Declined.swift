public import ChangeLog
import NIOHTTP1

extension ServerConnection {
    /// Bytes of JSON: some contents of 1 MiB, or one of the largest, in two digits a byte.
    private static let largestAnswer = 8 << 20

    private struct Answer: Decodable {
        struct Item: Decodable {
            let change: String
            let audience: String
            let person: String
            let received: Int64
            let code: String
            let message: String
            let remedy: String
            let contents: String?
        }

        let declined: [Item]
        let next: String?
    }

    /// What the server keeps of what was declined, for this person to read.
    ///
    /// - Parameter last: begins behind this one; nil for the first part.
    /// - Throws: `ConnectionError`.
    public func declined(after last: ChangeID?) async throws -> DeclinedPart {
        let path = "/declined" + (last.map { "?after=\($0)" } ?? "")
        let document = try await connector.document(
            Connector.Request(method: .GET, path: path, contentType: "application/json", body: []),
            atMost: Self.largestAnswer)
        guard document.head.status == 200 else {
            if document.head.status == 403, let reason = document.reason {
                throw ConnectionError(refusal: reason)
            }
            throw Self.error(document.head, document.reason, at: connector.address)
        }
        let answer = try document.read(Answer.self, of: "the question what was declined")
        return DeclinedPart(
            items: answer.declined.compactMap(Self.item), next: answer.next.flatMap { ChangeID($0) })
    }

    /// nil for what a newer server says in another form.
    private static func item(_ item: Answer.Item) -> DeclinedItem? {
        guard let change = ChangeID(item.change), let audience = AudienceID(item.audience),
            let person = RecordID(hex: item.person)
        else { return nil }
        let bytes = item.contents.flatMap { Hexadecimal.bytes($0) }
        return DeclinedItem(
            change: change, audience: audience, person: person, received: item.received,
            reason: Reason(code: item.code, message: item.message, remedy: item.remedy),
            contents: bytes.flatMap { try? Change(canonicalBytes: $0) })
    }
}
