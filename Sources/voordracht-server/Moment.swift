import Foundation

/// Times as scripts and people read them.
enum Moment {
    /// UTC in ISO 8601, to the second.
    static func text(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
    }

    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
