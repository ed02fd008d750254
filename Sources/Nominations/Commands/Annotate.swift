public import ChangeLog
import Merging
import MunicipalRegister

/// Makes a remark on a nominee, a record or another remark.
public struct Annotate: NominationCommand {
    public var target: AnnotationTarget
    public var body: String
    public var stance: Stance?
    /// The passage that it is about, word for word.
    public var quote: String?
    /// Names or ids of criteria of the edition.
    public var criteria: [String]
    /// nil for the widest circle that the author's role has: jury, workgroup, organisation, person.
    public var visibility: Visibility?
    /// A random id for the annotation.
    public var fresh: RecordID

    public init(
        target: AnnotationTarget, body: String, stance: Stance? = nil, quote: String? = nil,
        criteria: [String] = [], visibility: Visibility? = nil, fresh: RecordID
    ) {
        self.target = target
        self.body = body
        self.stance = stance
        self.quote = quote
        self.criteria = criteria
        self.visibility = visibility
        self.fresh = fresh
    }

    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        guard !body.unicodeScalars.allSatisfy(\.properties.isWhitespace) else {
            throw NominationError(.annotationEmpty)
        }
        let subject = try view.read { try view.subject(of: target) }
        let audience = try audience(subject, view)
        var draft = RecordDraft(fresh, .annotation)
        draft.create()
        draft.set(AnnotationField.target, target.value)
        draft.set(AnnotationField.body, .text(body))
        draft.set(AnnotationField.stance, stance.map { .text($0.rawValue) })
        draft.set(AnnotationField.quote, quote.map { .text($0) })
        if !criteria.isEmpty {
            guard let edition = subject?.edition else { throw NominationError(.editionUnknown) }
            let criteria = try view.criteria(criteria, of: edition)
            draft.set(AnnotationField.criteria, .list(criteria.map { .record($0) }))
        }
        return Drafted(draft, in: audience)
    }

    private func audience(
        _ subject: JuryKey?, _ view: some NominationsReader
    ) throws(NominationError) -> AudienceID {
        let author = try view.read { try view.facts(of: view.person) }
        let visibility = visibility ?? author.widestVisibility
        switch visibility {
        case .person: return Audience.person(view.person).id
        case .workgroup where author.has(.workgroup): return Audience.workgroup.id
        case .organisation:
            if let own = author.organisation, author.nominates(for: own) {
                return Audience.organisation(own).id
            }
        case .jury where author.has(.reviewer):
            if let subject { return subject.audience(view.hash) }
        case .workgroup, .jury: break
        }
        throw NominationError(.annotationAudience, [visibility.rawValue])
    }
}

extension PersonFacts {
    fileprivate var widestVisibility: Visibility {
        if has(.reviewer) { return .jury }
        if has(.workgroup) { return .workgroup }
        return organisation.map(nominates(for:)) ?? false ? .organisation : .person
    }
}

extension NominationsReader {
    /// The nominee and edition that a target is about in the end; nil where it is about none.
    func subject(of target: AnnotationTarget) throws -> JuryKey? {
        var target = target
        // Annotations on annotations: as deep as anyone goes, and an end to a circle.
        for _ in 0..<32 {
            switch target {
            case .nominee(let nominee, let edition): return JuryKey(nominee: nominee, edition: edition)
            case .record(let record, _):
                if let key = try nominationKey(of: record) {
                    return JuryKey(nominee: key.nominee, edition: key.edition)
                }
                guard let audience = try audience(of: record),
                    let value = try value(AnnotationField.target, of: record, in: audience),
                    let next = AnnotationTarget(value)
                else { return nil }
                target = next
            }
        }
        return nil
    }

    /// The nomination that a record is, belongs to, or is a submission of.
    private func nominationKey(of record: RecordID) throws -> NominationKey? {
        let home = Audience.nomination(record).id
        for standing in try visible(.standing, in: home) {
            if let key = standing.nominationKey { return key }
        }
        if let audience = try audience(of: record), let merged = try merged(record, in: audience) {
            if let key = merged.nominationKey { return key }
            guard let parent = merged.parent else { return nil }
            return try self.merged(parent, in: audience)?.nominationKey
        }
        return try submittedExample(record)
    }

    /// An example of a nomination whose draft this view does not hold.
    private func submittedExample(_ record: RecordID) throws -> NominationKey? {
        for audience in try audiences() {
            guard case .nomination? = Audience(audience) else { continue }
            for submission in try SubmissionRecord.all(in: audience, self).reversed()
            where submission.content.examples.contains(where: { $0.record == record }) {
                return submission.content.key
            }
        }
        return nil
    }
}
