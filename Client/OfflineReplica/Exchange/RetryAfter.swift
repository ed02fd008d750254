/// What a server says about when to come back (RFC 9110, section 10.2.3).
enum RetryAfter {
    /// The longest that anybody is obeyed, milliseconds; an hour. A wrong answer must not silence a device.
    static let longestMilliseconds: Int64 = 3_600_000

    /// Milliseconds of a number of seconds; nil for anything else, a date among it, which our servers do not send.
    static func milliseconds(_ field: String?) -> Int64? {
        guard let field, !field.isEmpty, field.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        guard let seconds = Int64(field), seconds < longestMilliseconds / 1000 else {
            return longestMilliseconds
        }
        return seconds * 1000
    }
}
