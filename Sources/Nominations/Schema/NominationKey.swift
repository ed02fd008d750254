public import ChangeLog
public import MunicipalRegister

/// What makes a nomination the same nomination: edition, organisation and nominee.
///
/// It is the natural key of the nomination and of its standing, so two colleagues who nominate the
/// same municipality without a network write in one record.
public struct NominationKey: Hashable, Sendable {
    public let edition: RecordID
    public let organisation: RecordID
    public let nominee: NomineeID

    public init(edition: RecordID, organisation: RecordID, nominee: NomineeID) {
        self.edition = edition
        self.organisation = organisation
        self.nominee = nominee
    }

    /// nil for a key of another shape.
    public init?(_ key: RecordKey) {
        guard key.values.count == 3, let edition = key.values[0].record,
            let organisation = key.values[1].record, let text = key.values[2].text,
            let nominee = NomineeID(text: text)
        else { return nil }
        self.init(edition: edition, organisation: organisation, nominee: nominee)
    }

    public var recordKey: RecordKey {
        RecordKey([.record(edition), .record(organisation), .text(nominee.text)])
    }

    /// The record that the organisation edits, in its own audience.
    public func nomination(_ hash: HashFunction) -> RecordID {
        recordKey.record(kind: .nomination, hash: hash)
    }

    /// The record that says whether it takes part, in ``audience(_:)``.
    public func standing(_ hash: HashFunction) -> RecordID {
        recordKey.record(kind: .standing, hash: hash)
    }

    /// Where it is submitted.
    public func audience(_ hash: HashFunction) -> AudienceID {
        Audience.nomination(nomination(hash)).id
    }
}
