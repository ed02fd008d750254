public import ChangeLog
import SyncProtocol

/// A part of an audience that was otherwise here than at the server.
public struct Divergence: Hashable, Sendable {
    public let audience: AudienceID
    /// It lies behind this position, up to `through`.
    public let after: Position
    public let through: Position
    /// Changes that were put right.
    public let mended: Int
    /// Whether it is the same as at the server now.
    public let isMended: Bool

    init(_ part: FingerprintRange, mended: Int, isMended: Bool) {
        audience = part.audience
        after = part.after
        through = part.through
        self.mended = mended
        self.isMended = isMended
    }
}
