import ChangeLog
import HTTPTypes
import HummingbirdCore
import Logging
import SyncProtocol

/// Answers with what was declined of the person who asks, and of those that the person looks after.
struct DeclinedExchange {
    let service: SyncService
    let device: DeviceIdentity
    let passage: Passage
    let logger: Logger

    private struct Answer: Encodable {
        struct Item: Encodable {
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

    @concurrent
    func reply(to request: Request) async throws -> Reply {
        let after = request.uri.queryParameters["after"].map { String($0) }
        let last = after.map { ChangeID($0) }
        if case .some(.none) = last {
            throw RequestFailure(.badRequest, .bodyMalformed, "after names no change")
        }
        let page: DeclinedPage
        do { page = try await service.declined(for: device, after: last ?? nil) } catch let reason as Reason {
            throw RequestFailure(.forbidden, reason)
        }
        let items = page.changes.map { change in
            Answer.Item(
                change: "\(change.change)", audience: change.audience.name, person: "\(change.person)",
                received: change.receivedMilliseconds, code: change.reason.code,
                message: change.reason.message, remedy: change.reason.remedy,
                contents: change.contents.map { Hexadecimal.text($0.canonicalBytes) })
        }
        passage.owe(
            changes: items.count, bytes: items.reduce(0) { $0 + ($1.contents?.utf8.count ?? 0) })
        LogEntry(action: .declined, object: Reference.text(device.device), result: "changes=\(items.count)")
            .write(to: logger, .debug, "Told")
        return try .json(Answer(declined: items, next: page.next.map { "\($0)" }))
    }
}
