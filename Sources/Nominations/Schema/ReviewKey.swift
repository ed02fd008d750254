public import ChangeLog
import MunicipalRegister

/// One reviewer's say about one nominee of one edition: the natural key of a review.
public struct ReviewKey: Hashable, Sendable {
    public let reviewer: RecordID
    public let about: JuryKey

    public init(reviewer: RecordID, about: JuryKey) {
        self.reviewer = reviewer
        self.about = about
    }

    /// nil for a key of another shape.
    public init?(_ key: RecordKey) {
        guard key.values.count == 3, let reviewer = key.values[0].record,
            let edition = key.values[1].record, let text = key.values[2].text,
            let nominee = NomineeID(text: text)
        else { return nil }
        self.init(reviewer: reviewer, about: JuryKey(nominee: nominee, edition: edition))
    }

    public var recordKey: RecordKey {
        RecordKey([.record(reviewer), .record(about.edition), .text(about.nominee.text)])
    }

    public func review(_ hash: HashFunction) -> RecordID { recordKey.record(kind: .review, hash: hash) }

    public func audience(_ hash: HashFunction) -> AudienceID { Audience.review(review(hash)).id }
}

/// A reviewer who does not judge one nominee: the natural key of a recusal.
public struct RecusalKey: Hashable, Sendable {
    public let reviewer: RecordID
    /// As in ``JuryKey/subject(_:)``.
    public let subject: RecordID

    public init(reviewer: RecordID, subject: RecordID) {
        self.reviewer = reviewer
        self.subject = subject
    }

    /// nil for a key of another shape.
    public init?(_ key: RecordKey) {
        guard key.values.count == 2, let reviewer = key.values[0].record,
            let subject = key.values[1].record
        else { return nil }
        self.init(reviewer: reviewer, subject: subject)
    }

    public var recordKey: RecordKey { RecordKey([.record(reviewer), .record(subject)]) }

    public func recusal(_ hash: HashFunction) -> RecordID { recordKey.record(kind: .recusal, hash: hash) }
}
