import ChangeLog
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import SyncProtocol

/// Answers with the file of a segment, or with a part of it.
struct SegmentExchange {
    let service: SyncService
    let device: DeviceIdentity
    let passage: Passage
    let logger: Logger

    @concurrent
    func reply(to request: Request) async throws -> Reply {
        let path = request.uri.path
        guard let hash = Route.segment(at: path) else { throw Self.unknown(path) }
        let found: (file: SegmentFile, segment: Segment)?
        do { found = try await service.segment(named: hash, for: device) } catch let reason as Reason {
            throw RequestFailure(.forbidden, reason)
        }
        guard let (file, segment) = found else { throw Self.unknown(path) }
        let range = ByteRange(request.headers[.range], of: segment.size)
        var fields: HTTPFields = [
            .contentType: Reply.frameType, .eTag: "\"\(segment.hash)\"", .acceptRanges: "bytes",
            // Its name says what is in it, but not who may read it: whoever keeps one asks each time.
            .cacheControl: "private, no-cache",
        ]
        guard request.headers[.ifNoneMatch] != fields[.eTag] else {
            return .nothing(status: .notModified, fields: fields)
        }
        switch range {
        case .whole: return send(file, segment, 0..<segment.size, .ok, fields)
        case .part(let part):
            fields[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(segment.size)"
            return send(file, segment, part, .partialContent, fields)
        case .unsatisfiable:
            fields[.contentRange] = "bytes */\(segment.size)"
            return .document([], type: Reply.frameType, status: .rangeNotSatisfiable, fields: fields)
        }
    }

    /// After so many bytes it is asked again whether the device may read it.
    private static let stretch = 1 << 18

    private func send(
        _ file: SegmentFile, _ segment: Segment, _ part: Range<Int>, _ status: HTTPResponse.Status,
        _ fields: HTTPFields
    ) -> Reply {
        LogEntry(action: .segment, object: Reference.text(device.device), result: "bytes=\(part.count)")
            .write(to: logger, .debug, "Fetched")
        return .file(status: status, fields: fields, size: part.count) { [passage, service, device] stream in
            var offset = part.lowerBound
            var asked = offset
            while offset < part.upperBound {
                if offset - asked >= Self.stretch {
                    // Revoked meanwhile: the connection ends.
                    guard try await service.mayFetch(segment, device) else {
                        throw Self.unknown("\(segment.hash)")
                    }
                    asked = offset
                }
                let (place, rest) = (offset, part.upperBound - offset)
                let piece = try await NIOThreadPool.singleton.runIfActive {
                    file.piece(at: place, atMost: rest)
                }
                // The disk fails: the connection ends, and the device asks for the rest later on.
                guard !piece.isEmpty else {
                    throw RequestFailure(.internalServerError, .failed, "see its log")
                }
                try await stream.send(ByteBuffer(bytes: piece))
                try await passage.pass(bytes: piece.count)
                offset += piece.count
            }
        }
    }

    private static func unknown(_ path: String) -> RequestFailure {
        RequestFailure(.notFound, .routeUnknown, path)
    }
}
