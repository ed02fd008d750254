import ChangeLog
import Foundation
import Merging
import Nominations
import OfflineReplica

extension Voordracht {
    /// Asks the server for the receipt of what was submitted of a nomination: the latest submission that
    /// was accepted, or else the latest that is held.
    ///
    /// - Returns: the file, as JSON, and what it proves.
    /// - Throws: `ReceiptError.nothing` where nothing was sent yet.
    public func receipt(of nomination: RecordID) async throws -> (file: String, report: ReceiptReport) {
        let change = try await read { try $0.submittedChange(of: nomination) }
        if let error = try await patience() { throw error }
        let receipt = try await replica.receipt(of: change, over: try replica.connection())
        let report = try await report(receipt.facts(), .same)
        return (String(decoding: try receipt.document(), as: UTF8.self) + "\n", report)
    }

    /// Checks a receipt, and compares it with what this replica knows.
    ///
    /// - Throws: `ReceiptError`; `ReplicaError` where the receipt and this replica have seen two different
    ///   pasts.
    public func verify(receipt text: String) async throws -> ReceiptReport {
        let receipt = try Receipt(document: Data(text.utf8))
        let facts = try receipt.facts()
        let isKnown = try await replica.compare(receipt)
        return try await report(facts, isKnown ? .same : .unseen)
    }

    /// Checks a receipt for itself, without any replica: whose key has signed it is then for the reader to
    /// compare.
    ///
    /// - Throws: `ReceiptError`.
    public static func verify(receipt text: String) throws -> ReceiptReport {
        try ReceiptReport(try Receipt(document: Data(text.utf8)).facts(), nil, in: nil)
    }

    private func report(
        _ facts: ReceiptFacts, _ comparison: ReceiptReport.Comparison
    ) async throws -> ReceiptReport {
        try await read { try ReceiptReport(facts, comparison, in: $0) }
    }
}

extension ReplicaView {
    /// The change that made the submission of which there can be a receipt.
    fileprivate func submittedChange(of nomination: RecordID) throws -> ChangeID {
        guard let drafts = try audience(of: nomination),
            let key = try merged(nomination, in: drafts)?.nominationKey
        else { throw NominationError(.recordKind) }
        let submitted = key.audience(hash)
        let submissions = try SubmissionRecord.all(in: submitted, self).compactMap { submission in
            try merged(submission.record, in: submitted)?.creation?.change
        }
        let states = try submissions.map { try reader.status(of: $0)?.state }
        let atServer = states.lastIndex { $0 == .held || $0 == .waiting }
        guard let index = states.lastIndex(of: .accepted) ?? atServer else {
            throw ReceiptError(.nothing, "Nothing of this nomination was sent of which there is a receipt")
        }
        return submissions[index]
    }
}
