import ChangeLog
import Merging
import MunicipalRegister

/// The nominations that a view holds, own drafts and submitted ones, in the Dutch order of nominees.
public struct NominationList: Hashable, Sendable, Encodable {
    /// One nomination of the list.
    public struct Item: Hashable, Sendable, Encodable {
        /// The nomination's record, in hexadecimal.
        public let record: String
        public let nominee: String
        /// The nominee's name as the nomination froze it.
        public let title: String
        public let organisation: NamedRecord
        public let edition: NamedRecord
        /// `draft`, `submitted` or `withdrawn`.
        public let state: String
        let subject: JuryKey

        private enum CodingKeys: String, CodingKey {
            case record, nominee, title, organisation, edition, state
        }
    }

    public let items: [Item]

    /// Throws `read.failed`.
    public init(in view: some NominationsReader) throws(NominationError) {
        self = try view.read { try NominationList(reading: view) }
    }

    private init(reading view: some NominationsReader) throws {
        var items: [Item] = []
        var listed: Set<NominationKey> = []
        for audience in try view.audiences() {
            let kind: RecordKind
            switch Audience(audience) {
            case .organisation: kind = .nomination
            case .nomination: kind = .standing
            default: continue
            }
            for record in try view.visible(kind, in: audience) {
                guard let key = record.nominationKey, listed.insert(key).inserted else { continue }
                items.append(try Item(key, view))
            }
        }
        // By record before the names: nominations of one nominee stand in the same order everywhere.
        items.sort { $0.record < $1.record }
        let named = DutchCollation.sorted(items) { $0.organisation.name }
        self.items = DutchCollation.sorted(named) { $0.title }
    }
}

extension NominationList.Item {
    fileprivate init(_ key: NominationKey, _ view: some NominationsReader) throws {
        let home = key.audience(view.hash)
        let draft = try view.merged(key.nomination(view.hash), in: Audience.organisation(key.organisation).id)
        let submitted = try SubmissionRecord.all(in: home, view).last?.content
        subject = JuryKey(nominee: key.nominee, edition: key.edition)
        record = key.nomination(view.hash).description
        nominee = key.nominee.text
        title =
            draft?[NominationField.nomineeName]?.value?.text ?? submitted?[NominationField.nomineeName]?.text
            ?? key.nominee.text
        organisation = try view.named(key.organisation)
        edition = try view.named(key.edition)
        state = try view.standing(of: key)?.rawValue ?? "draft"
    }
}
