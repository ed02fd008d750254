import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import SyncProtocol

/// What is sent back for one request: a whole document, or frames as they come.
enum Reply {
    case document([UInt8], type: String, status: HTTPResponse.Status, fields: HTTPFields)
    /// Bytes of a known number, in pieces.
    case file(
        status: HTTPResponse.Status, fields: HTTPFields, size: Int,
        @concurrent (inout FrameWriter) async throws -> Void)
    /// The head alone, with the fields as they are.
    case nothing(status: HTTPResponse.Status, fields: HTTPFields)
    case frames(@concurrent (inout FrameWriter) async throws -> Void)

    var status: HTTPResponse.Status {
        switch self {
        case .document(_, _, let status, _), .file(let status, _, _, _), .nothing(let status, _): status
        case .frames: .ok
        }
    }

    static let frameType = "application/vnd.voordracht.frames"

    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, fields: HTTPFields = [:]
    ) throws -> Reply {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = Array(try encoder.encode(value)) + [0x0a]
        return .document(bytes, type: "application/json", status: status, fields: fields)
    }

    @concurrent
    func send(to writer: consuming ResponseWriter) async throws {
        switch self {
        case .document(let bytes, let type, let status, var fields):
            fields[.contentType] = type
            fields[.cacheControl] = "no-store"
            fields[.contentLength] = String(bytes.count)
            try await writer.write(
                response: HTTPResponse(status: status, headerFields: fields),
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .file(let status, var fields, let size, let write):
            fields[.contentLength] = String(size)
            let body = try await writer.writeHead(HTTPResponse(status: status, headerFields: fields))
            var pieces = FrameWriter(body: body)
            try await write(&pieces)
            try await pieces.finish()
        case .nothing(let status, let fields):
            try await writer.write(
                response: HTTPResponse(status: status, headerFields: fields), body: ResponseBody())
        case .frames(let write):
            let fields: HTTPFields = [.contentType: Self.frameType, .cacheControl: "no-store"]
            let body = try await writer.writeHead(HTTPResponse(status: .ok, headerFields: fields))
            var frames = FrameWriter(body: body)
            try await write(&frames)
            try await frames.finish()
        }
    }
}
