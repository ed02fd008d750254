public import ChangeLog
import SyncProtocol

/// A way to the server on which segments can be fetched too.
public protocol SegmentTransport: FrameTransport {
    /// Fetches the bytes of a segment from a place on.
    ///
    /// - Parameters:
    ///   - offset: how many bytes are here already.
    ///   - receive: gets pieces in their order, each with the offset at which it stands; the first one stands at 0
    ///     where the whole is sent all the same.
    /// - Returns: false where there is no such segment, or this device may not read it.
    /// - Throws: `ConnectionError`, or what `receive` throws.
    func fetch(
        _ segment: ChangeHash, from offset: Int,
        receive: (_ bytes: [UInt8], _ offset: Int) async throws -> Void
    ) async throws -> Bool
}
