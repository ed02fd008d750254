import ChangeLog
import Merging
import TextCRDT

/// The texts that a draft edits, as its view showed them, each with the draft's own edits so far.
struct DraftedTexts {
    let log: LogTable
    let audience: AudienceID
    let base: Base
    /// Up to where the view shows the audience: the base of an action names less where another of its audiences was not
    /// whole.
    let shown: Position
    let replica: ReplicaID
    private var versions: [Place: Version] = [:]

    private struct Place: Hashable {
        let record: RecordID
        let field: FieldName
    }

    private struct Version {
        /// Of the version that the base describes, whatever the draft did since.
        let check: TextCheck
        var text: String
    }

    init(log: LogTable, audience: AudienceID, base: Base, shown: Position, replica: ReplicaID) {
        self.log = log
        self.audience = audience
        self.base = base
        self.shown = shown
        self.replica = replica
    }

    /// The edit that makes the text read as `new`; nil when it does already.
    mutating func difference(_ record: RecordID, _ field: FieldName, to new: String) throws -> Operation? {
        var version = try version(record, field)
        let edits = TextDifference.difference(from: version.text, to: new)
        guard !edits.isEmpty else { return nil }
        version.text = new
        versions[Place(record: record, field: field)] = version
        return .edit(record, field, check: version.check, edits)
    }

    /// These edits, which must fit the text.
    mutating func edit(
        _ record: RecordID, _ field: FieldName, _ edits: [TextOperation]
    ) throws -> Operation? {
        guard !edits.isEmpty else { return nil }
        var version = try version(record, field)
        version.text = try EditedText.applying(edits, to: version.text)
        versions[Place(record: record, field: field)] = version
        return .edit(record, field, check: version.check, edits)
    }

    private func version(_ record: RecordID, _ field: FieldName) throws -> Version {
        if let known = versions[Place(record: record, field: field)] { return known }
        let entries = try log.entries(of: record, in: audience)
        let lineage = try ContinuationTable(db: log.db).lineages()[replica]
        func version(at base: Base) -> TextVersion {
            TextVersion(of: field, record, in: entries, at: base, replica: replica, lineage: lineage)
        }
        let named = version(at: base)
        let isShown =
            shown == base.position
            || version(at: Base(epoch: base.epoch, position: shown, own: base.own)).check == named.check
        // It would be told on another version than it shows: indexes would mean other places.
        guard isShown else { throw Self.isApart }
        return Version(check: named.check, text: named.text)
    }

    private static let isApart = Reason(
        code: "audience.arriving",
        message: "The edit of a text goes together with one where not everything has come yet.",
        remedy: "Make the edit of the text by itself, or synchronise first.")
}

/// Edits of a string by Unicode scalars.
enum EditedText {
    /// - Throws: `Reason` when an edit reaches outside the text.
    static func applying(_ edits: [TextOperation], to text: String) throws -> String {
        var scalars = Array(text.unicodeScalars)
        for edit in edits {
            switch edit {
            case .insert(let index, let new):
                guard (0...scalars.count).contains(index), !new.isEmpty else { throw outside(scalars.count) }
                scalars.insert(contentsOf: new.unicodeScalars, at: index)
            case .delete(let index, let count):
                guard count > 0, index >= 0, index <= scalars.count, count <= scalars.count - index else {
                    throw outside(scalars.count)
                }
                scalars.removeSubrange(index..<index + count)
            }
        }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }

    private static func outside(_ length: Int) -> Reason {
        Reason(
            code: "text.range",
            message: "An edit reaches outside the text, which has \(length) characters there.",
            remedy: "Open the text again, and make the edit there.")
    }
}
