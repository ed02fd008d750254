import Foundation
public import Logging

/// Writes each message as one line of JSON: `time`, `level`, `message`, what `LogEntry` tells, and the rest
/// of the metadata in the order of its names.
///
///     {"time":"2026-11-27T09:00:00.123Z","level":"info","message":"Pushed","actor":"p…/r…","action":"push",…}
public struct JSONLogHandler: LogHandler {
    public var logLevel = Logger.Level.notice
    public var metadata = Logger.Metadata()
    public var metadataProvider: Logger.MetadataProvider?
    private let nowMilliseconds: @Sendable () -> Int64
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - nowMilliseconds: the wall clock, milliseconds since 1970 UTC.
    ///   - write: takes one line with its line feed; called from any thread.
    public init(
        nowMilliseconds: @escaping @Sendable () -> Int64, write: @escaping @Sendable (String) -> Void
    ) {
        self.nowMilliseconds = nowMilliseconds
        self.write = write
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var values = metadata
        for more in [metadataProvider?.get(), event.metadata] {
            values.merge(more ?? [:]) { _, new in new }
        }
        var members = [
            ("time", Self.time(nowMilliseconds())), ("level", event.level.rawValue),
            ("message", event.message.description),
        ]
        for name in LogEntry.members {
            if let value = values.removeValue(forKey: name) { members.append((name, value.description)) }
        }
        for (name, value) in values.sorted(by: { $0.key < $1.key })
        where !members.contains(where: { $0.0 == name }) {
            members.append((name, value.description))
        }
        let line = members.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }.joined(separator: ",")
        write("{\(line)}\n")
    }

    private static func time(_ milliseconds: Int64) -> String {
        // In two parts: a fraction of a number of seconds is rounded down a millisecond short.
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let whole = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601).dropLast()
        return "\(whole).\(String(1000 + max(rest, 0)).dropFirst())Z"
    }

    /// By RFC 8259, section 7; on one line whatever the text is.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
