public import ChangeLog

/// What the server writes about people and organisations, as operations in the audience `everyone`.
///
/// They are whole changes of the server's own; what is returned is never empty.
public enum RosterCommands {
    /// A record and the operations that bring it about.
    public struct Outcome: Hashable, Sendable {
        public let record: RecordID
        public let operations: [Operation]
    }

    /// Names the association; again, to rename it.
    public static func association(named name: String, hash: HashFunction) throws(NominationError) -> Outcome
    {
        let record = RecordKey.association.record(kind: .association, hash: hash)
        return Outcome(
            record: record,
            operations: [
                .create(record, kind: .association, parent: nil, key: .association),
                .write(record, AssociationField.name, .decided, .text(try checked(name))),
            ])
    }

    /// Writes down that a code was told.
    ///
    /// - Parameter moment: milliseconds since 1970 UTC.
    public static func witness(_ code: WitnessCode, at moment: Int64, hash: HashFunction) -> Outcome {
        let record = code.record(hash)
        return Outcome(
            record: record,
            operations: [
                .create(record, kind: .witness, parent: nil, key: code.recordKey),
                .write(record, WitnessField.lodged, .decided, .instant(moment)),
            ])
    }

    /// Adds a member organisation. With a number in the trade register the same number is always the
    /// same record, however the name is spelt; without one, the record is `fresh`.
    public static func addOrganisation(
        named name: String, kvk: String?, fresh: RecordID, hash: HashFunction
    ) throws(NominationError) -> Outcome {
        let name = try checked(name)
        var key: RecordKey?
        var writes: [(FieldName, Value)] = [(OrganisationField.name, .text(name))]
        if let kvk {
            guard let number = KvKNumber(kvk) else { throw NominationError(.organisationKvk, [kvk]) }
            key = .organisation(number)
            writes.append((OrganisationField.kvk, .text(number.digits)))
        }
        let record = key?.record(kind: .organisation, hash: hash) ?? fresh
        return Outcome(
            record: record,
            operations: [.create(record, kind: .organisation, parent: nil, key: key)]
                + writes.map { .write(record, $0.0, .decided, $0.1) })
    }

    /// Adds a person under the random id `fresh`.
    public static func addPerson(
        named name: String, roles: [Role], organisation: RecordID?, fresh: RecordID
    ) throws(NominationError) -> Outcome {
        let name = try checked(name)
        return Outcome(
            record: fresh,
            operations: [
                .create(fresh, kind: .person, parent: nil, key: nil),
                .write(fresh, PersonField.name, .decided, .text(name)),
                try setRoles(of: fresh, to: roles),
                setOrganisation(of: fresh, to: organisation),
            ])
    }

    /// Gives a person these roles and no others.
    public static func setRoles(of person: RecordID, to roles: [Role]) throws(NominationError) -> Operation {
        guard !roles.isEmpty else { throw NominationError(.roleNone, [roleNames]) }
        return write(roles, of: person)
    }

    /// Takes all roles away: the person reads and writes nothing any more.
    public static func deactivate(_ person: RecordID) -> Operation { write([], of: person) }

    /// Lets a person work for an organisation, or for none.
    public static func setOrganisation(of person: RecordID, to organisation: RecordID?) -> Operation {
        .write(person, PersonField.organisation, .decided, organisation.map { .record($0) } ?? .null)
    }

    /// Reads the names of roles as typed.
    public static func roles(named names: [String]) throws(NominationError) -> [Role] {
        var roles: [Role] = []
        for name in names {
            guard let role = Role(rawValue: name.lowercased()) else {
                throw NominationError(
                    .roleUnknown, [name, roleNames], suggestions: Role.allCases.map(\.rawValue))
            }
            roles.append(role)
        }
        return roles
    }

    /// In the order of `Role`, each once: the same roles are the same bytes.
    private static func write(_ roles: [Role], of person: RecordID) -> Operation {
        let texts = Role.allCases.filter { roles.contains($0) }.map { Value.text($0.rawValue) }
        return .write(person, PersonField.roles, .decided, .list(texts))
    }

    private static let roleNames = Role.allCases.map(\.rawValue).joined(separator: ", ")

    /// A name without blanks around it, which has at least one character.
    static func checked(_ name: String) throws(NominationError) -> String {
        let scalars = name.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { throw NominationError(.nameEmpty) }
        return String(scalars[first...last])
    }
}
