public import ChangeLog

/// The kinds of record of this domain, beside `person` and `device` of the roster.
extension RecordKind {
    /// A person of the roster; written by the server.
    public static let person = Roster.person
    /// A device of the roster; written by the server.
    public static let device = Roster.device
    /// That something of a change was erased, in the audience of that change; written by the server.
    public static let erasure = Roster.erasure
    /// The association that runs the award; written by the server.
    public static let association: RecordKind = "association"
    /// A member organisation; written by the server.
    public static let organisation: RecordKind = "organisation"
    /// One round of the award.
    public static let edition: RecordKind = "edition"
    /// What nominees of an edition are judged on.
    public static let criterion: RecordKind = "criterion"
    /// One organisation's nomination of one nominee, while it is being written.
    public static let nomination: RecordKind = "nomination"
    /// An example that comes with a nomination.
    public static let example: RecordKind = "example"
    /// Whether a nomination is submitted or withdrawn, for its readers outside the organisation.
    public static let standing: RecordKind = "standing"
    /// What a nomination held when it was submitted.
    public static let submission: RecordKind = "submission"
    /// The request to somebody to settle a conflict.
    public static let assignment: RecordKind = "assignment"
    /// A remark on a nominee, a record or another remark.
    public static let annotation: RecordKind = "annotation"
    /// A code that was told as the witness of a submission; written by the server.
    public static let witness: RecordKind = "witness"
    /// What one reviewer thinks of one nominee.
    public static let review: RecordKind = "review"
    /// The mark that a review gives on one criterion.
    public static let score: RecordKind = "score"
    /// That a reviewer does not judge one nominee.
    public static let recusal: RecordKind = "recusal"
}
