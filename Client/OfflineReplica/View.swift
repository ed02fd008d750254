public import ChangeLog

/// What a screen showed: all changes up to a cursor, and the replica's own up to a number.
///
/// A form keeps the view that it was opened on; its edits are recorded on it, whatever arrived since.
public struct View: Hashable, Sendable, CustomStringConvertible {
    public let epoch: Epoch
    public let cursor: Position
    public let own: UInt64

    public init(epoch: Epoch, cursor: Position, own: UInt64) {
        self.epoch = epoch
        self.cursor = cursor
        self.own = own
    }

    /// Reads `CURSOR:NUMBER`, or `CURSOR` alone with the number that `now` has; nil for anything else.
    public init?(_ text: some StringProtocol, now: View) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let cursor = UInt64(parts[0]) else { return nil }
        guard let own = parts.count == 2 ? UInt64(parts[1]) : now.own else { return nil }
        self.init(epoch: now.epoch, cursor: Position(cursor), own: own)
    }

    /// `CURSOR:NUMBER`, both in decimal.
    public var text: String { "\(cursor):\(own)" }
    public var description: String { text }
}
