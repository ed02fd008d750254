public import ChangeLog

/// Something a person does, as what is to be recorded for it.
public protocol NominationCommand: Sendable {
    /// The drafts that do it on this view. Nothing is checked twice: the rules judge the drafts when
    /// they are recorded.
    func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted
}

/// What a command wants recorded.
public struct Drafted: Hashable, Sendable {
    /// The record that the command is about.
    public let record: RecordID
    public let kind: RecordKind
    /// One atomic action; empty where all is already so.
    public let drafts: [Draft]

    public init(record: RecordID, kind: RecordKind, drafts: [Draft]) {
        self.record = record
        self.kind = kind
        self.drafts = drafts
    }

    /// One draft on one record, or none without operations.
    init(_ draft: RecordDraft, in audience: AudienceID) {
        self.init(
            record: draft.record, kind: draft.kind,
            drafts: draft.operations.isEmpty
                ? [] : [Draft(audience: audience, operations: draft.operations)])
    }
}
