import ChangeLog
import OfflineReplica

/// Who made a change, by the roster.
public struct ChangeAuthor: Hashable, Sendable {
    /// nil for the server, and for a device that the roster does not name yet.
    public let person: RecordID?
    public let personName: String?
    public let device: RecordID?
    public let deviceName: String?

    init(of replica: ReplicaID, in view: ReplicaView) throws {
        let author = try view.reader.author(of: replica)
        person = author?.person
        personName = author?.personName
        device = author?.device
        deviceName = author?.deviceName
    }

    var personJSON: JSON { JSON(person.map { Reference.text(person: $0) }) }
    var deviceJSON: JSON { JSON(device.map { Reference.text($0) }) }
}
