import ChangeLog
import Merging

/// What a dossier is made of: the submission that counts of each nomination, and the own drafts that
/// were never submitted.
struct DossierSource {
    let content: SubmissionContent
    /// nil for a draft.
    let standing: Standing?
    let submission: SubmissionRecord?
    /// How many were accepted.
    let submissions: Int
    let contributors: [RecordID]

    /// Those of one nominee and edition, by organisation. Throws what reading throws.
    static func all(of subject: JuryKey, in view: some NominationsReader) throws -> [DossierSource] {
        var sources: [DossierSource] = []
        var submitted: Set<NominationKey> = []
        for audience in try view.audiences() {
            guard case .nomination? = Audience(audience) else { continue }
            for standing in try view.visible(.standing, in: audience) {
                guard let key = standing.nominationKey, key.isAbout(subject) else { continue }
                let accepted = try SubmissionRecord.all(in: audience, view).filter { $0.position != nil }
                guard let latest = accepted.last else { continue }
                submitted.insert(key)
                sources.append(
                    DossierSource(
                        content: latest.content, standing: try view.standing(of: key), submission: latest,
                        submissions: accepted.count, contributors: latest.contributors))
            }
        }
        for audience in try view.audiences() {
            guard case .organisation? = Audience(audience) else { continue }
            for nomination in try view.visible(.nomination, in: audience) {
                guard let key = nomination.nominationKey, key.isAbout(subject), !submitted.contains(key),
                    let snapshot = try Snapshot(of: nomination.id, in: audience, view)
                else { continue }
                sources.append(
                    DossierSource(
                        content: snapshot.content, standing: nil, submission: nil, submissions: 0,
                        contributors: snapshot.contributors))
            }
        }
        return sources.sorted { $0.content.key.organisation < $1.content.key.organisation }
    }
}

extension NominationKey {
    func isAbout(_ subject: JuryKey) -> Bool { nominee == subject.nominee && edition == subject.edition }
}
