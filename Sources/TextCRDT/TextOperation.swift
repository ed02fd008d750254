/// One edit of a text, as its author saw it.
///
/// Indexes and counts are in Unicode scalars. Within one event each operation applies to the result of the
/// one before. Two operations are equal when their texts have the same scalars: "é" composed and "é"
/// decomposed are different data, although `String` calls them equal.
public enum TextOperation: Sendable {
    /// Puts `text` before the scalar at this index; the index may be the length of the text.
    case insert(at: Int, text: String)
    /// Takes `count` scalars away, from this index on.
    case delete(at: Int, count: Int)
}

extension TextOperation: Hashable {
    public static func == (lhs: TextOperation, rhs: TextOperation) -> Bool {
        switch (lhs, rhs) {
        case (.insert(let left, let leftText), .insert(let right, let rightText)):
            left == right && leftText.utf8.elementsEqual(rightText.utf8)
        case (.delete(let left, let leftCount), .delete(let right, let rightCount)):
            left == right && leftCount == rightCount
        case (.insert, .delete), (.delete, .insert):
            false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .insert(let index, let text):
            hasher.combine(0)
            hasher.combine(index)
            for byte in text.utf8 { hasher.combine(byte) }
        case .delete(let index, let count):
            hasher.combine(1)
            hasher.combine(index)
            hasher.combine(count)
        }
    }
}
