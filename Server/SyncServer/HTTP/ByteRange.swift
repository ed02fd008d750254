/// What part of a file a request asks for (RFC 9110, section 14).
enum ByteRange: Hashable {
    case whole
    case part(Range<Int>)
    /// Nothing of the file lies in it.
    case unsatisfiable

    /// One part from a place on, `bytes=N-` or `bytes=N-M`. Anything else is answered with the whole, which is always
    /// allowed.
    init(_ field: String?, of size: Int) {
        self = .whole
        guard let field, field.hasPrefix("bytes=") else { return }
        let bounds = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2, let first = Self.number(bounds[0]) else { return }
        var end = size
        if !bounds[1].isEmpty {
            guard let last = Self.number(bounds[1]), last >= first else { return }
            end = min(size, last < size ? last + 1 : size)
        }
        self = first < size ? .part(first..<end) : .unsatisfiable
    }

    /// Digits alone: no sign.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }
}
