import ChangeLog
import Merging
import MunicipalRegister

/// Who is nominated, as far as a view holds it, in the Dutch order of nominees: what there is to review.
public struct NomineeList: Hashable, Sendable, Encodable {
    /// One nominee of one edition.
    public struct Item: Hashable, Sendable, Encodable {
        public let nominee: String
        /// As the nominations froze it.
        public let name: String
        public let edition: NamedRecord
        public let nominations: [NominationList.Item]
        /// Of the reader's own: `none`, `draft`, `submitted` or `recused`; null for who is no reviewer.
        @Nullable public var review: String?
        /// How many submitted ones the view holds.
        public let reviews: Int
    }

    public let items: [Item]

    /// Throws `read.failed`.
    public init(in view: some NominationsReader) throws(NominationError) {
        let listed = try NominationList(in: view).items
        self = try view.read { try NomineeList(listed, view) }
    }

    private init(_ nominations: [NominationList.Item], _ view: some NominationsReader) throws {
        let isReviewer = try view.facts(of: view.person).has(.reviewer)
        let submitted = try Self.submitted(view)
        var subjects: [JuryKey] = []
        var grouped: [JuryKey: [NominationList.Item]] = [:]
        for item in nominations {
            if grouped[item.subject] == nil { subjects.append(item.subject) }
            grouped[item.subject, default: []].append(item)
        }
        items = try subjects.map { subject in
            let nominations = grouped[subject] ?? []
            return Item(
                nominee: subject.nominee.text, name: nominations.first?.title ?? subject.nominee.text,
                edition: try view.named(subject.edition), nominations: nominations,
                review: isReviewer ? try Self.own(subject, view) : nil, reviews: submitted[subject] ?? 0)
        }
    }

    private static func own(_ subject: JuryKey, _ view: some NominationsReader) throws -> String {
        let recusal = RecusalKey(reviewer: view.person, subject: subject.subject(view.hash))
        let recused = try view.value(
            RecusalField.recused, of: recusal.recusal(view.hash), in: Audience.panel.id)
        if recused == .boolean(true) { return "recused" }
        let key = ReviewKey(reviewer: view.person, about: subject)
        let merged = try view.merged(key.review(view.hash), in: key.audience(view.hash))
        guard let merged, merged.isVisible else { return "none" }
        return merged[ReviewField.standing]?.value?.text ?? "draft"
    }

    private static func submitted(_ view: some NominationsReader) throws -> [JuryKey: Int] {
        var counts: [JuryKey: Int] = [:]
        for audience in try view.audiences() {
            guard case .review? = Audience(audience) else { continue }
            for review in try view.visible(.review, in: audience) {
                guard let key = review.creation?.key.flatMap({ ReviewKey($0) }),
                    review[ReviewField.standing]?.value?.text == ReviewField.submitted
                else { continue }
                counts[key.about, default: 0] += 1
            }
        }
        return counts
    }
}
