import ChangeLog

/// An example in a dossier.
public struct DossierExample: Hashable, Sendable, Encodable {
    public let record: String
    public let nomination: String
    public let organisation: NamedRecord
    @Nullable public var title: String?
    @Nullable public var description: String?
    public let criteria: [NamedRecord]
    @Nullable public var place: String?
    @Nullable public var period: String?
    @Nullable public var evidence: String?

    init(
        _ example: SubmissionContent.Example, of key: NominationKey, _ view: some NominationsReader
    ) throws {
        record = example.record.description
        nomination = key.nomination(view.hash).description
        organisation = try view.named(key.organisation)
        criteria = try (example[ExampleField.criteria]?.list ?? []).compactMap(\.record).map {
            try view.named($0)
        }
        title = example[ExampleField.title]?.text
        description = example[ExampleField.description]?.text
        place = example[ExampleField.place]?.text
        period = example[ExampleField.period]?.text
        evidence = example[ExampleField.evidence]?.text
    }
}
