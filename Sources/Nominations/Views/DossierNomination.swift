import ChangeLog
import Merging

/// One organisation's nomination in a dossier.
public struct DossierNomination: Hashable, Sendable, Encodable {
    /// The nomination's record, in hexadecimal.
    public let record: String
    public let organisation: NamedRecord
    /// `submitted`, `withdrawn`, or `draft` for one of the reader's own organisation.
    public let state: String
    /// The submission that counts.
    @Nullable public var submission: String?
    /// When that was made, ISO 8601.
    @Nullable public var submitted: String?
    /// When its code was told before closing, ISO 8601; null where it was not, as of most that were received in time.
    @Nullable public var witnessed: String?
    /// How many submissions were accepted.
    public let submissions: Int
    @Nullable public var title: String?
    @Nullable public var motivation: String?
    @Nullable public var relation: String?
    public let strengths: [String]
    @Nullable public var contactPerson: String?
    public let contributors: [NamedRecord]
    /// Examples in it.
    public let examples: Int
    /// Conflicts that it holds unsettled.
    public let conflicts: Int

    init(_ source: DossierSource, _ view: some NominationsReader) throws {
        let content = source.content
        record = content.key.nomination(view.hash).description
        organisation = try view.named(content.key.organisation)
        state = source.standing?.rawValue ?? "draft"
        submissions = source.submissions
        title = content[NominationField.title]?.text
        motivation = content[NominationField.motivation]?.text
        relation = content[NominationField.relation]?.text
        strengths = (content[NominationField.strengths]?.list ?? []).compactMap(\.text)
        contactPerson = content[NominationField.contactPerson]?.text
        contributors = try source.contributors.map { try view.named($0) }
        examples = content.examples.count
        conflicts = content.conflicts.count
        submission = source.submission?.record.description
        let lodged = try source.submission.flatMap { try view.lodged($0.change) }
        let closes = try view.closes(content.key.edition)
        witnessed = lodged.flatMap { lodged in
            closes.map { lodged <= $0 } ?? true ? AmsterdamTime.iso(lodged) : nil
        }
        submitted = source.submission.map { AmsterdamTime.iso($0.time.milliseconds) }
    }
}
