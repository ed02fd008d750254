import ChangeLog

/// Ends a device's rights: it was retired, or it is lost with all that it holds.
public struct RevokeTask: AdministrationTask {
    public static let name = "revoke"

    /// An id, its first digits, or the device's name.
    public let device: String
    public let isLost: Bool

    public init(device: String, isLost: Bool) {
        self.device = device
        self.isLost = isLost
    }

    /// The device as it stands afterwards, with what it held.
    public func perform(in workspace: Workspace) async throws -> DevicesTask.Device {
        let devices = try await DevicesTask().perform(in: workspace)
        let candidates = devices.filter { $0.person != nil }.compactMap { device in
            Reference.record(device.device).map { NamedRecord(record: $0, name: device.name) }
        }
        let record = try NamedRecord.find(device, in: candidates)
        try await workspace.service.revoke(device: record, lost: isLost)
        let after = try await DevicesTask().perform(in: workspace)
        guard let found = after.first(where: { $0.device == Reference.text(record) }) else {
            throw AdministrationError(.recordUnknown, device)
        }
        return found
    }
}
