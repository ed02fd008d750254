import ChangeLog

/// Lists the devices, what they hold, and when they were last seen.
public struct DevicesTask: AdministrationTask {
    public static let name = "devices"

    /// One device; the report of the engine in a form that can be sent.
    public struct Device: Codable, Hashable, Sendable {
        /// `r` and the id; that of a person is `p` and the id.
        public let device: String
        /// nil for the server's own.
        public let person: String?
        public let personName: String?
        public let name: String
        /// `active`, `retired` or `lost`.
        public let standing: String
        /// Milliseconds since 1970 UTC.
        public let lastSeen: Int64?
        public let replicas: [String]
        public let cursor: UInt64?
        public let audiences: [String]
        /// When a retired one had handed in all that it had, milliseconds since 1970 UTC; nil before.
        public let handedIn: Int64?
    }

    public init() {}

    public func perform(in workspace: Workspace) async throws -> [Device] {
        let reports = try await workspace.service.devices()
        let names = try await workspace.service.read { facts in
            try reports.map { report in
                try report.person.flatMap { try facts.rostered($0, Roster.personName)?.text }
            }
        }
        return zip(reports, names).map(Device.init)
    }
}

extension DevicesTask.Device {
    init(_ report: DeviceReport, personName: String?) {
        device = Reference.text(report.device)
        person = report.person.map { Reference.text(person: $0) }
        self.personName = personName
        name = report.name
        standing = report.standing
        lastSeen = report.lastSeenMilliseconds
        replicas = report.replicas.map(\.description)
        cursor = report.cursor?.value
        audiences = report.audiences.map(\.name)
        handedIn = report.handedInMilliseconds
    }
}
