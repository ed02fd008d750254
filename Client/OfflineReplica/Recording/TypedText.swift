import TextCRDT

/// What somebody typed into a text that nobody knows any more.
struct TypedText {
    private enum Piece {
        /// So many scalars that stood there, and whether they were taken away.
        case unknown(Int, isGone: Bool)
        case typed([Unicode.Scalar])

        /// How many scalars of it stand in the text.
        var count: Int {
            switch self {
            case .unknown(let count, let isGone): isGone ? 0 : count
            case .typed(let scalars): scalars.count
            }
        }
    }

    /// No index is above: a text has 1 MiB at most.
    private var pieces = [Piece.unknown(1 << 40, isGone: false)]

    /// The next operation, on the result of the one before.
    mutating func apply(_ operation: TextOperation) {
        switch operation {
        case .insert(let index, let text):
            pieces.insert(.typed(Array(text.unicodeScalars)), at: cut(at: index))
        case .delete(let index, let count):
            let (start, end) = (cut(at: index), cut(at: index + count))
            pieces.replaceSubrange(
                start..<end,
                with: pieces[start..<end].compactMap { piece in
                    guard case .unknown(let count, _) = piece else { return nil }
                    return .unknown(count, isGone: true)
                })
        }
    }

    /// Makes an index the beginning of a piece.
    private mutating func cut(at index: Int) -> Int {
        var rest = max(index, 0)
        for (place, piece) in pieces.enumerated() {
            if rest == 0 { return place }
            guard piece.count > rest else {
                rest -= piece.count
                continue
            }
            let parts: [Piece] =
                switch piece {
                case .unknown(let count, let isGone):
                    [.unknown(rest, isGone: isGone), .unknown(count - rest, isGone: isGone)]
                case .typed(let scalars): [.typed(Array(scalars[..<rest])), .typed(Array(scalars[rest...]))]
                }
            pieces.replaceSubrange(place...place, with: parts)
            return place + 1
        }
        return pieces.count
    }

    /// What is left of it, near where it stood in another text.
    ///
    /// - Parameter length: of that text, in scalars.
    func insertions(into length: Int) -> [TextOperation] {
        var (anchor, typed) = (0, 0)
        return pieces.compactMap { piece in
            switch piece {
            case .unknown(let count, _):
                anchor += count
                return nil
            case .typed(let scalars):
                defer { typed += scalars.count }
                return .insert(
                    at: min(anchor, length) + typed, text: String(String.UnicodeScalarView(scalars)))
            }
        }
    }
}
