import ChangeLog
import Nominations
import OfflineReplica

/// Whose copy this is, and which server it belongs to.
public struct Profile: Hashable, Sendable, Documented {
    public let person: RecordID
    /// nil until the first sync.
    public let name: String?
    public let roles: [Role]
    public let organisation: RecordID?
    public let organisationName: String?
    public let device: RecordID
    public let deviceName: String?
    public let replica: ReplicaID
    public let association: String
    /// `host:port`.
    public let server: String
    public let folder: String

    public var json: JSON {
        [
            "person": .string(Reference.text(person: person)), "name": JSON(name),
            "roles": JSON(roles.map(\.rawValue)),
            "organisation": JSON(organisation.map { Reference.text($0) }),
            "organisationName": JSON(organisationName), "device": .string(Reference.text(device)),
            "deviceName": JSON(deviceName), "replica": .string("\(replica)"),
            "association": .string(association), "server": .string(server), "home": .string(folder),
        ]
    }
}

extension Voordracht {
    public func profile() async throws -> Profile {
        let folder = folder
        return try await read { view in
            let identity = view.reader.identity
            let facts = try view.facts(of: view.person)
            let author = try view.reader.author(of: identity.replica)
            return Profile(
                person: view.person, name: try view.reader.name(ofPerson: view.person), roles: facts.roles,
                organisation: facts.organisation,
                organisationName: try facts.organisation.flatMap {
                    try view.value(OrganisationField.name, of: $0, in: Roster.audience)?.text
                },
                device: identity.device, deviceName: author?.deviceName, replica: identity.replica,
                association: identity.association, server: identity.address, folder: folder)
        }
    }
}
