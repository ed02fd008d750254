import ChangeLog
import Nominations
import OfflineReplica

/// What a receipt proves: that a change was received at a moment, and what was decided about it.
public struct ReceiptReport: Hashable, Sendable, Documented {
    public let change: ChangeID
    public let audience: AudienceID
    /// Who was nominated; nil where the change submits no nomination.
    public let nominee: String?
    /// The first receipt, milliseconds since 1970 UTC.
    public let received: Int64
    /// What the author's clock said, milliseconds since 1970 UTC.
    public let claimed: Int64
    /// `accepted`, `held`, `waiting` or `refused`.
    public let verdict: String
    public let position: Position?
    /// What the server calls itself.
    public let association: String
    /// SHA-256 of the server's key, hexadecimal: what to compare with what the association publishes.
    public let server: String
    /// The author, where this replica knows whose device it was.
    public let person: RecordID?
    public let personName: String?
    public let head: Head
    /// How far it was compared with a replica; nil without one.
    public let comparison: Comparison?

    /// The signed tree head that it leads to.
    public struct Head: Hashable, Sendable {
        public let epoch: Epoch
        /// Leaves.
        public let size: UInt64
        public let root: ChangeHash
        /// When it was signed, milliseconds since 1970 UTC.
        public let time: Int64
    }

    /// What a replica could say about it.
    public enum Comparison: String, Hashable, Sendable {
        /// It is of this replica's server, and its head is one that this replica has seen.
        case same
        /// It is of this replica's server, and of a head that this replica has not seen.
        case unseen
    }

    public var json: JSON {
        [
            "change": change.json, "audience": .string(audience.name), "nominee": JSON(nominee),
            "received": JSON(milliseconds: received), "claimed": JSON(milliseconds: claimed),
            "verdict": .string(verdict), "position": JSON(position), "association": .string(association),
            "server": .string(server), "person": JSON(person.map { Reference.text(person: $0) }),
            "personName": JSON(personName),
            "head": [
                "epoch": .string("\(head.epoch)"), "size": JSON(head.size), "root": .string("\(head.root)"),
                "time": JSON(milliseconds: head.time),
            ],
            "comparison": JSON(comparison?.rawValue),
        ]
    }

    /// - Parameter view: the replica that it was compared with.
    init(_ facts: ReceiptFacts, _ comparison: Comparison?, in view: ReplicaView?) throws {
        let envelope = facts.change.envelope
        change = envelope.id
        audience = envelope.audience
        nominee =
            facts.change.operations.lazy.compactMap { operation -> String? in
                guard case .write(_, SubmissionField.content, _, let value) = operation else { return nil }
                return SubmissionContent(value)?[NominationField.nomineeName]?.text
            }.first
        received = facts.received
        claimed = envelope.time.milliseconds
        verdict = facts.verdict
        position = facts.position
        association = facts.association
        server = facts.server
        person = try view.flatMap { try $0.person(of: envelope.id.replica) }
        personName = try person.flatMap { try view?.reader.name(ofPerson: $0) }
        head = Head(
            epoch: facts.epoch, size: facts.size, root: facts.root, time: facts.time)
        self.comparison = comparison
    }
}
