import ChangeLog
import Nominations
import SyncServer

/// A held submission in the words that the secretariat knows it by.
struct HeldSubmission: Codable, Hashable, Sendable {
    /// `replica:number`.
    let change: String
    /// The name of the nominee; its id where the submission does not say it.
    let nominee: String
    let organisation: String?
    /// The year of the edition.
    let edition: Int?

    /// nil for a change that submits nothing.
    init?(_ report: HeldReport, _ facts: any FactSource) throws {
        let contents = report.operations.compactMap { operation -> SubmissionContent? in
            guard case .write(_, SubmissionField.content, _, let value) = operation else { return nil }
            return SubmissionContent(value)
        }
        guard let content = contents.first else { return nil }
        change = report.change.description
        nominee =
            content[NominationField.nomineeName]?.text ?? content.key.recordKey.values.last?.text ?? ""
        organisation = try facts.rostered(content.key.organisation, OrganisationField.name)?.text
        edition = try facts.origin(of: content.key.edition, in: Roster.audience)?.key?.year
    }

    func text(_ words: Words) -> String {
        let by = organisation.map { words(" door \($0)", " by \($0)") } ?? ""
        let year = edition.map { words(", editie \($0)", ", edition \($0)") } ?? ""
        return words("indiening van \(nominee)\(by)\(year)", "submission of \(nominee)\(by)\(year)")
    }
}

/// Tells which of the held changes, or of the declined ones, are submissions, and of what.
struct ListHeldSubmissionsTask: AdministrationTask {
    static let name = "held.submissions"

    let isDeclined: Bool

    func perform(in workspace: Workspace) async throws -> [HeldSubmission] {
        let reports = try await workspace.service.held(isDeclined: isDeclined)
        return try await workspace.service.read { facts in
            try reports.compactMap { try HeldSubmission($0, facts) }
        }
    }
}
