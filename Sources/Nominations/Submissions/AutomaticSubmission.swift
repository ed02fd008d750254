public import ChangeLog
import Merging

/// The submissions that follow by themselves from what was merged.
///
/// To be asked at each exchange, after the pull and before the push. A nomination that takes part is
/// submitted again when its draft says something new; equal content gives nothing, so colleagues who
/// hold the same draft do not submit it twice.
public enum AutomaticSubmission {
    /// A submission on its way that no longer says what the draft says.
    public struct Replacement: Hashable, Sendable {
        /// The submission to take back.
        public let submission: RecordID
        /// What takes its place; nil where the same has been accepted already, or there is nothing to
        /// submit any more.
        public let drafted: Drafted?
    }

    /// The further submissions of the nominations of the person's organisation.
    ///
    /// - Parameter fresh: gives a random id for each. Throws what reading throws.
    public static func drafts(
        in view: some NominationsReader, fresh: () -> RecordID
    ) throws -> [Drafted] {
        guard let organisation = try ownOrganisation(view) else { return [] }
        let audience = Audience.organisation(organisation).id
        var drafts: [Drafted] = []
        for nomination in try view.visible(.nomination, in: audience) {
            guard let key = nomination.nominationKey, try view.standing(of: key) == .submitted,
                try !isClosed(key.edition, view),
                let snapshot = try Snapshot(of: nomination.id, in: audience, view), snapshot.isAutomatic,
                !snapshot.content.examples.isEmpty
            else { continue }
            let submissions = try SubmissionRecord.all(in: key.audience(view.hash), view)
            guard let last = submissions.last, !last.content.says(theSameAs: snapshot.content) else {
                continue
            }
            let draft = SubmissionDraft(snapshot: snapshot, fresh: fresh(), declares: false, founds: false)
            drafts.append(draft.drafted(in: view))
        }
        return drafts
    }

    /// What becomes of own submissions that were not sent yet, where the draft has moved on since.
    ///
    /// A replacement repeats what the one replaced says of the standing, as far as that is on its way
    /// with it. Submissions that still say what the draft says are left out, and those of a nomination
    /// that is withdrawn, be it accepted or on its way.
    public static func replacements(
        for submissions: [RecordID], in view: some NominationsReader, fresh: () -> RecordID
    ) throws -> [Replacement] {
        guard let organisation = try ownOrganisation(view) else { return [] }
        let draftAudience = Audience.organisation(organisation).id
        var replaced: Set<RecordID> = []
        var replacements: [Replacement] = []
        for id in submissions {
            guard let audience = try view.audience(of: id), let merged = try view.merged(id, in: audience),
                let pending = SubmissionRecord(merged), pending.position == nil
            else { continue }
            let key = pending.content.key
            guard key.organisation == organisation else { continue }
            let nomination = key.nomination(view.hash)
            // Made without knowing of a withdrawal it is refused, and its author told: not made anew. Nor
            // is one that an own withdrawal follows, which is on its way too: that would be taken back.
            if try acceptedStanding(of: key, in: audience, view) == .withdrawn { continue }
            if try view.standing(of: key) == .withdrawn { continue }
            // After closing another one could not be in time any more, and this one may be.
            if try isClosed(key.edition, view) { continue }
            // The code that was told is that of this one, whatever any clock says.
            if try view.lodged(pending.change) != nil { continue }
            let snapshot = try Snapshot(of: nomination, in: draftAudience, view)
            if let snapshot, snapshot.content.says(theSameAs: pending.content) {
                let isKnown = try isAccepted(snapshot.content, in: audience, view)
                if !isKnown { continue }
            }
            // Of several on their way for one nomination, one takes the place of all; where it is on its
            // way already, after an exchange that did not come through, there is no second one.
            let isFirst = replaced.insert(nomination).inserted
            let isCovered = try SubmissionRecord.all(in: audience, view).contains { other in
                other.position == nil && other.record != id
                    && snapshot?.content.says(theSameAs: other.content) ?? false
            }
            let drafted =
                try isFirst && !isCovered
                ? snapshot.flatMap { try replacement($0, audience, view, fresh) } : nil
            replacements.append(Replacement(submission: id, drafted: drafted))
        }
        return replacements
    }

    private static func isClosed(_ edition: RecordID, _ view: some NominationsReader) throws -> Bool {
        try view.closes(edition).map { view.nowMilliseconds > $0 } ?? false
    }

    private static func replacement(
        _ snapshot: Snapshot, _ audience: AudienceID, _ view: some NominationsReader, _ fresh: () -> RecordID
    ) throws -> Drafted? {
        let isKnown = try isAccepted(snapshot.content, in: audience, view)
        if isKnown || snapshot.content.examples.isEmpty { return nil }
        let standing = try view.merged(snapshot.content.key.standing(view.hash), in: audience)
        let field = standing?[StandingField.standing]
        let draft = SubmissionDraft(
            snapshot: snapshot, fresh: fresh(), declares: field.map { $0.state == .pending } ?? true,
            founds: !(standing?.history.contains { $0.action == .create && $0.position != nil } ?? false))
        return draft.drafted(in: view)
    }

    /// Whether the latest accepted submission of a nomination that takes part says just this.
    private static func isAccepted(
        _ content: SubmissionContent, in audience: AudienceID, _ view: some NominationsReader
    ) throws -> Bool {
        guard try acceptedStanding(of: content.key, in: audience, view) == .submitted else { return false }
        let accepted = try SubmissionRecord.all(in: audience, view).last { $0.position != nil }
        return accepted?.content.says(theSameAs: content) ?? false
    }

    /// The standing by what was accepted, without what is on its way.
    private static func acceptedStanding(
        of key: NominationKey, in audience: AudienceID, _ view: some NominationsReader
    ) throws -> Standing? {
        let field = try view.merged(key.standing(view.hash), in: audience)?[StandingField.standing]
        let decision = field?.history.last { $0.position != nil }
        return decision?.value?.text.flatMap { Standing(rawValue: $0) }
    }

    private static func ownOrganisation(_ view: some NominationsReader) throws -> RecordID? {
        let facts = try view.facts(of: view.person)
        guard let organisation = facts.organisation, facts.nominates(for: organisation) else { return nil }
        return organisation
    }
}
