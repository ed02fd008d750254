import ChangeLog
import Merging
import Nominations

/// The code of a submission, to be told to the secretariat where it cannot be sent before closing.
public struct WitnessReport: Hashable, Sendable, Documented {
    public let nomination: RecordID
    public let submission: RecordID
    public let change: ChangeID
    public let code: WitnessCode
    /// Whether the server has it: then the code is not needed.
    public let isSent: Bool
    /// When the code was told, as far as this replica knows, milliseconds since 1970 UTC.
    public let lodged: Int64?
    /// Whether it was told after closing, or could be told no earlier now.
    public let isTooLate: Bool

    public var json: JSON {
        [
            "nomination": .string(Reference.text(nomination)),
            "submission": .string(Reference.text(submission)), "change": change.json,
            "code": .string("\(code)"), "sent": .bool(isSent), "lodged": JSON(milliseconds: lodged),
            "tooLate": .bool(isTooLate),
        ]
    }
}

extension Voordracht {
    /// The code of the latest submission of a nomination.
    ///
    /// - Throws: `NominationError` `witness.nothing` where none was made.
    public func witness(of nomination: RecordID) async throws -> WitnessReport {
        try await read { view in
            guard let drafts = try view.audience(of: nomination),
                let key = try view.merged(nomination, in: drafts)?.nominationKey
            else { throw NominationError(.recordKind) }
            guard let latest = try SubmissionRecord.all(in: key.audience(view.hash), view).last,
                let hash = try view.chainHash(of: latest.change)
            else { throw NominationError(.witnessNothing) }
            let code = WitnessCode(hash)
            let state = try view.reader.status(of: latest.change)?.state
            let lodged = try view.lodged(latest.change)
            let told = lodged ?? view.nowMilliseconds
            return WitnessReport(
                nomination: nomination, submission: latest.record, change: latest.change, code: code,
                isSent: state != .queued, lodged: lodged,
                isTooLate: try view.closes(key.edition).map { told > $0 } ?? false)
        }
    }
}
