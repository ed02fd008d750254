import ChangeLog

/// Lists what devices hold that they may not read any more.
public struct ExposureTask: AdministrationTask {
    public static let name = "exposure"

    /// One audience on one device.
    public struct Exposed: Codable, Hashable, Sendable {
        public let device: DevicesTask.Device
        public let audience: String
        /// At most, as the next.
        public let changes: Int
        public let records: Int
        /// When the newest of the changes was received, milliseconds since 1970 UTC; nil without any.
        public let newest: Int64?
    }

    public init() {}

    public func perform(in workspace: Workspace) async throws -> [Exposed] {
        let devices = try await DevicesTask().perform(in: workspace)
        return try await workspace.service.exposures().compactMap { exposure in
            devices.first { $0.device == Reference.text(exposure.device.device) }.map { device in
                Exposed(
                    device: device, audience: exposure.audience.name, changes: exposure.changes,
                    records: exposure.records, newest: exposure.newestMilliseconds)
            }
        }
    }
}
