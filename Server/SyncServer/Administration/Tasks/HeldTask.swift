import ChangeLog

/// Lists what waits for the secretariat, or what it has declined, oldest first.
public struct HeldTask: AdministrationTask {
    public static let name = "held"

    /// One held change; the report of the engine in a form that can be sent.
    public struct Held: Codable, Hashable, Sendable {
        /// `replica:number`.
        public let change: String
        public let audience: String
        public let code: String
        public let message: String
        /// Milliseconds since 1970 UTC, as the next.
        public let received: Int64
        public let claimed: Int64
        /// `r` and the id; that of a person is `p` and the id.
        public let device: String
        public let person: String?
        public let personName: String?
        public let group: [String]
        /// The kinds of record that it creates, and the fields that it writes.
        public let touches: [String]
        public let waiting: Int
    }

    public let isDeclined: Bool

    public init(isDeclined: Bool = false) { self.isDeclined = isDeclined }

    public func perform(in workspace: Workspace) async throws -> [Held] {
        let reports = try await workspace.service.held(isDeclined: isDeclined)
        let names = try await workspace.service.read { facts in
            try reports.map { report in
                try report.person.flatMap { try facts.rostered($0, Roster.personName)?.text }
            }
        }
        return zip(reports, names).map(Held.init)
    }
}

extension HeldTask.Held {
    init(_ report: HeldReport, personName: String?) {
        change = report.change.description
        audience = report.audience.name
        code = report.reason.code
        message = report.reason.message
        received = report.receivedMilliseconds
        claimed = report.claimedMilliseconds
        device = Reference.text(report.device)
        person = report.person.map { Reference.text(person: $0) }
        self.personName = personName
        group = report.group.map(\.description)
        touches = Self.touches(of: report.operations)
        waiting = report.waiting
    }

    private static func touches(of operations: [Operation]) -> [String] {
        var names: [String] = []
        for operation in operations {
            let name: String
            if case .create(_, let kind, _, _) = operation {
                name = kind.name
            } else if let field = operation.field {
                name = field.name
            } else {
                continue
            }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }
}
