import Cryptography
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import SecureTransport
import SyncProtocol

/// One connection of a client over real TLS: requests out, answers in, one after the other.
struct TestConnection {
    typealias Channel = NIOAsyncChannel<HTTPClientResponsePart, HTTPPart<HTTPRequestHead, IOData>>

    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]

        /// The code of the error in the body, whether a document or a frame; nil without one.
        var code: String? {
            if headers.first(name: "content-type") == TestConnection.frameType {
                return frames.lazy.compactMap(\.refusal).first
            }
            let document = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
            return (document?["error"] as? [String: Any])?["code"] as? String
        }

        var frames: [Frame] {
            var decoder = FrameDecoder()
            decoder.append(body)
            var frames: [Frame] = []
            // A test that expects frames looks at what is missing.
            while let frame = try? decoder.next() { frames.append(frame) }
            return frames
        }
    }

    static let frameType = "application/vnd.voordracht.frames"

    private var inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<HTTPPart<HTTPRequestHead, IOData>>
    private var decoder = FrameDecoder()
    let isResumed: Bool

    /// Connects, and closes when `body` is done.
    ///
    /// - Parameter patience: how long the handshake may take; a server may let nobody in for a while.
    @discardableResult
    static func open<Result>(
        to port: Int, _ context: TLSContext, patience: TimeAmount = TLSLimits().handshakeTimeout,
        _ body: (inout TestConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    var limits = TLSLimits()
                    limits.handshakeTimeout = patience
                    try pipeline.addHandler(
                        TLSHandler(context: context, serverHostname: "127.0.0.1", limits: limits))
                    try pipeline.addHTTPClientHandlers()
                    return try Channel(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            // The handshake is over once something can be sent.
            var connection = TestConnection(
                inbound: inbound.makeAsyncIterator(), outbound: outbound, isResumed: false)
            let first = try await connection.request(.GET, "/healthz")
            precondition(first.status == 200)
            let isResumed = try await channel.channel.eventLoop.submit {
                try channel.channel.pipeline.syncOperations.handler(type: TLSHandler.self).isResumed
            }.get()
            connection = TestConnection(
                inbound: connection.inbound, outbound: outbound, isResumed: isResumed)
            return try await body(&connection)
        }
    }

    private init(
        inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<HTTPPart<HTTPRequestHead, IOData>>, isResumed: Bool
    ) {
        self.inbound = inbound
        self.outbound = outbound
        self.isResumed = isResumed
    }

    mutating func send(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8] = [], headers: HTTPHeaders = [:]
    ) async throws {
        var headers = headers
        headers.add(name: "host", value: "127.0.0.1")
        headers.add(name: "content-length", value: String(body.count))
        try await outbound.write(
            .head(HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)))
        if !body.isEmpty { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
        try await outbound.write(.end(nil))
    }

    /// Announces a body and does not send it.
    func sendHead(_ method: HTTPMethod, _ path: String, announcing size: Int) async throws {
        let headers: HTTPHeaders = ["host": "127.0.0.1", "content-length": String(size)]
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
        try await outbound.write(.head(head))
    }

    /// Sends the beginning of a longer body, as a device does whose connection is lost.
    func sendPart(_ path: String, _ part: [UInt8], of size: Int) async throws {
        try await sendHead(.POST, path, announcing: size)
        if !part.isEmpty { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: part)))) }
    }

    mutating func request(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8] = [], headers: HTTPHeaders = [:]
    ) async throws -> Answer {
        // A server that refuses early may close before everything has left; its answer stands all the same.
        var unsent: (any Error)?
        do { try await send(method, path, body, headers: headers) } catch { unsent = error }
        do { return try await answer() } catch { throw unsent ?? error }
    }

    mutating func request(_ path: String, _ frames: [Frame]) async throws -> Answer {
        try await request(.POST, path, frames.flatMap(\.bytes), headers: ["content-type": Self.frameType])
    }

    /// Begins a live pull, whose frames come one by one.
    mutating func stream(_ path: String, _ frames: [Frame]) async throws {
        try await send(.POST, path, frames.flatMap(\.bytes), headers: ["content-type": Self.frameType])
    }

    /// The answer to what was sent last.
    mutating func answer() async throws -> Answer {
        var status = 0
        var headers = HTTPHeaders()
        var body: [UInt8] = []
        while let part = try await inbound.next(isolation: #isolation) {
            switch part {
            case .head(let head) where head.status.code >= 200:
                status = Int(head.status.code)
                headers = head.headers
            case .head: continue
            case .body(let bytes): body += bytes.readableBytesView
            case .end: return Answer(status: status, headers: headers, body: body)
            }
        }
        throw ChannelError.eof
    }

    /// The next frame of a stream; nil at its proper end.
    mutating func nextFrame() async throws -> Frame? {
        while true {
            if let frame = try decoder.next() { return frame }
            guard let part = try await inbound.next(isolation: #isolation) else { throw ChannelError.eof }
            if case .body(let bytes) = part { decoder.append(bytes.readableBytesView) }
            if case .end = part { return nil }
        }
    }
}
