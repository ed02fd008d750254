import Nominations

/// Times as people in the Netherlands read them; scripts get UTC.
public enum WallClock {
    /// `2017-06-01 12:00:00`, the clock in Amsterdam. The editing commands take it with a `T`.
    public static func text(_ milliseconds: Int64) -> String {
        let (local, overflow) = milliseconds.addingReportingOverflow(AmsterdamTime.offset(at: milliseconds))
        return AmsterdamTime.iso(overflow ? milliseconds : local).split(separator: "T")
            .map { $0.hasSuffix("Z") ? $0.dropLast() : $0 }.joined(separator: " ")
    }
}
