public import ChangeLog
import TextCRDT

/// One edit of a text, as programs above this one show it.
public struct WrittenEdit: Hashable, Sendable {
    /// In Unicode scalars of the text that its author saw.
    public let index: Int
    /// Scalars taken away.
    public let deleted: Int
    /// Empty for a deletion.
    public let text: String
}

extension ChangeLog.Operation {
    /// The edits of a text operation; none for any other.
    public var writtenEdits: [WrittenEdit] {
        guard case .edit(_, _, _, let edits) = self else { return [] }
        return edits.map { edit in
            switch edit {
            case .insert(let index, let text): WrittenEdit(index: index, deleted: 0, text: text)
            case .delete(let index, let count): WrittenEdit(index: index, deleted: count, text: "")
            }
        }
    }
}
