import ChangeLog
import OfflineReplica
import SyncProtocol
import Synchronization

/// A connection that counts, and is cut off or damages what it brings when it is told to.
final class MeteredTransport: SegmentTransport {
    struct Meter {
        /// Bytes of frames in lanes, the main stream and all else.
        var inline = 0
        /// Bytes of segments.
        var fetched = 0
        /// The segments that were asked for, and from which byte on.
        var asked: [(hash: ChangeHash, offset: Int)] = []
        /// After so many bytes of segments the connection is cut; nil for never.
        var fuse: Int?
        /// So many fetches bring a wrong byte.
        var damages = 0
        /// So many frames of lanes pass, and then the connection is cut; nil for all.
        var laneFuse: Int?
    }

    let meter = Mutex(Meter())
    private let connection: ServerConnection

    init(_ connection: ServerConnection) { self.connection = connection }

    var fetched: Int { meter.withLock(\.fetched) }

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        try await connection.converse(path, sending: frames) { frame in
            let isCut = meter.withLock { meter in
                meter.inline += frame.bytes.count
                guard case .deliver(let delivery) = frame, let lane = delivery.lane, lane != Roster.audience,
                    let left = meter.laneFuse
                else { return false }
                meter.laneFuse = left - 1
                return left == 0
            }
            if isCut { throw ConnectionError(.interrupted, "cut") }
            return try await receive(frame)
        }
    }

    func fetch(
        _ segment: ChangeHash, from offset: Int,
        receive: (_ bytes: [UInt8], _ offset: Int) async throws -> Void
    ) async throws -> Bool {
        let isDamaged = meter.withLock { meter in
            meter.asked.append((segment, offset))
            meter.damages -= meter.damages > 0 ? 1 : 0
            return meter.damages > 0
        }
        return try await connection.fetch(segment, from: offset) { bytes, place in
            let allowed = meter.withLock { meter in
                let allowed = min(bytes.count, meter.fuse ?? bytes.count)
                meter.fuse = meter.fuse.map { $0 - allowed }
                meter.fetched += allowed
                return allowed
            }
            var passed = Array(bytes.prefix(allowed))
            if isDamaged, !passed.isEmpty { passed[passed.count / 2] ^= 1 }
            if !passed.isEmpty { try await receive(passed, place) }
            if allowed < bytes.count { throw ConnectionError(.interrupted, "cut") }
        }
    }
}

/// The same without segments.
struct InlineTransport: FrameTransport {
    let transport: MeteredTransport

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        try await transport.converse(path, sending: frames, receive: receive)
    }
}
