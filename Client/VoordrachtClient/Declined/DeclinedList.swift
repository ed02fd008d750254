import ChangeLog
import Nominations
import OfflineReplica

/// What was declined, or handed in from the tray of a device that went out of use, and is kept by the server.
public struct DeclinedList: Hashable, Sendable, Documented {
    /// One change.
    public struct Item: Hashable, Sendable, Documented {
        public let change: ChangeID
        public let person: RecordID
        /// nil where the roster does not name the author here.
        public let personName: String?
        public let audience: AudienceID
        /// What its author's clock said, milliseconds since 1970 UTC; nil where the contents cannot be read.
        public let time: Int64?
        /// When the server first received it, milliseconds since 1970 UTC.
        public let received: Int64
        public let operations: [Operation]
        /// Why it does not stand.
        public let reason: Failure

        public var json: JSON {
            [
                "id": .string("\(change)"), "change": change.json,
                "person": .string(Reference.text(person: person)), "personName": JSON(personName),
                "audience": .string(audience.name), "time": JSON(milliseconds: time),
                "received": JSON(milliseconds: received), "operations": .array(operations.map(\.json)),
                "code": .string(reason.code), "message": .string(reason.message),
                "remedy": .string(reason.remedy),
            ]
        }
    }

    public let items: [Item]
    /// What to name as `after` for the next part; nil at the end.
    public let next: ChangeID?

    public var json: JSON { ["items": JSON(items), "next": JSON(next.map { "\($0)" })] }
}

extension Voordracht {
    /// Asks the server what it keeps of what was declined: of the own person's, whichever device it came from, and for a
    /// contact of the organisation also colleagues', where the contact may read the audience.
    ///
    /// - Parameters:
    ///   - limit: at most so many.
    ///   - after: begins behind this one, in the order of ids.
    /// - Throws: `ConnectionError`.
    public func declined(
        in language: Language = .english, limit: Int = 100, after: ChangeID? = nil
    ) async throws -> DeclinedList {
        if let error = try await patience() { throw error }
        let connection = try replica.connection()
        var (found, next) = ([DeclinedItem](), after)
        repeat {
            let part = try await connection.declined(after: next)
            found += part.items
            next = part.next
        } while next != nil && found.count < limit
        if found.count > limit {
            found.removeLast(found.count - max(limit, 0))
            next = found.last?.change ?? after
        }
        let (items, last) = (found, next)
        return try await read { view in
            DeclinedList(items: try items.map { try DeclinedList.Item($0, in: view, language) }, next: last)
        }
    }
}

extension DeclinedList.Item {
    init(_ item: DeclinedItem, in view: ReplicaView, _ language: Language) throws {
        change = item.change
        person = item.person
        personName = try view.reader.rostered(item.person, PersonField.name)?.text
        audience = item.audience
        time = item.contents?.envelope.time.milliseconds
        received = item.received
        operations = item.contents?.operations ?? []
        reason = Failure(item.reason, in: language)
    }
}
