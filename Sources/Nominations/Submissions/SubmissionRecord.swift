public import ChangeLog
public import Merging

/// A submission as it stands in the audience of its nomination.
public struct SubmissionRecord: Hashable, Sendable {
    public let record: RecordID
    /// The change that made it.
    public let change: ChangeID
    public let content: SubmissionContent
    /// Where it was accepted; nil while it is on its way.
    public let position: Position?
    /// When it was made, effective once accepted.
    public let time: HybridTime
    public let contributors: [RecordID]

    /// nil for a record that is no submission or cannot be read.
    public init?(_ merged: MergedRecord) {
        guard merged.kind == .submission, merged.isVisible,
            let content = merged[SubmissionField.content]?.value.flatMap({ SubmissionContent($0) }),
            let creation = merged.history.first(where: { $0.change == merged.creation?.change })
        else { return nil }
        record = merged.id
        change = creation.change
        self.content = content
        position = creation.position
        time = creation.time
        contributors = (merged[SubmissionField.contributors]?.value?.list ?? []).compactMap(\.record)
    }

    /// The submissions of a nomination, accepted ones by position, then those on their way by time.
    public static func all(in audience: AudienceID, _ view: some NominationsReader) throws
        -> [SubmissionRecord]
    {
        try view.visible(.submission, in: audience).compactMap { SubmissionRecord($0) }.sorted {
            left, right in
            switch (left.position, right.position) {
            case (let left?, let right?): left < right
            case (nil, nil): (left.time, left.record) < (right.time, right.record)
            case (let left, _): left != nil
            }
        }
    }
}

extension NominationsReader {
    /// The last moment at which a submission of an edition is in time, milliseconds since 1970 UTC; nil where none is
    /// known.
    public func closes(_ edition: RecordID) throws -> Int64? {
        try value(EditionField.closes, of: edition, in: Roster.audience)?.instant
    }

    /// When the code of a submission was told, milliseconds since 1970 UTC; nil where it was not, as far as is known.
    public func lodged(_ submission: ChangeID) throws -> Int64? {
        guard let hash = try chainHash(of: submission) else { return nil }
        return try value(WitnessField.lodged, of: WitnessCode(hash).record(self.hash), in: Roster.audience)?
            .instant
    }

    /// Whether a nomination takes part; nil before it was ever submitted.
    public func standing(of key: NominationKey) throws -> Standing? {
        try value(StandingField.standing, of: key.standing(hash), in: key.audience(hash))?
            .text.flatMap { Standing(rawValue: $0) }
    }
}
