public import ChangeLog
public import MunicipalRegister

/// One nominee of one edition, as the jury speaks about it: the subject of a jury audience.
public struct JuryKey: Hashable, Sendable {
    public let nominee: NomineeID
    public let edition: RecordID

    public init(nominee: NomineeID, edition: RecordID) {
        self.nominee = nominee
        self.edition = edition
    }

    /// The audience of what reviewers write about this nominee.
    public func audience(_ hash: HashFunction) -> AudienceID {
        Audience.jury(subject(hash)).id
    }

    /// What names the nominee of that edition in audiences and recusals.
    public func subject(_ hash: HashFunction) -> RecordID {
        RecordKey([.text(nominee.text), .record(edition)]).record(kind: "jury", hash: hash)
    }
}
