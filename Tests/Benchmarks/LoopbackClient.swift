import Cryptography
import NIOCore
import NIOHTTP1
import NIOPosix
import SecureTransport

/// One connection of a device that stays open, and carries bodies made before.
struct LoopbackClient {
    private let port: Int
    private let context: TLSContext

    init(_ device: Device, authority: Certificate, port: Int) throws {
        self.port = port
        context = try TLSContext.client(
            authority: authority, identity: (device.certificate, device.key))
    }

    private typealias Channel = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    private func connect() async throws -> Channel {
        let context = context
        return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(TLSHandler(context: context, serverHostname: "127.0.0.1"))
                    try pipeline.addHTTPClientHandlers()
                    return try Channel(wrappingChannelSynchronously: channel)
                }
            }
    }

    /// Posts bodies one after another, each when the answer to the one before is whole; returns the answers.
    ///
    /// - Parameter ready: is awaited once connected, so that the handshake is not counted.
    func post(
        _ bodies: [[UInt8]], to path: String, ready: @Sendable () async -> Void
    ) async throws -> [[UInt8]] {
        try await connect().executeThenClose { inbound, outbound in
            var parts = inbound.makeAsyncIterator()
            await ready()
            var answers: [[UInt8]] = []
            for body in bodies {
                try await send(body, to: path, outbound)
                var answer: [UInt8] = []
                reading: while let part = try await parts.next() {
                    switch part {
                    case .head(let head):
                        guard head.status == .ok else { throw BenchmarkError("\(path): \(head.status)") }
                    case .body(let bytes): answer += bytes.readableBytesView
                    case .end: break reading
                    }
                }
                answers.append(answer)
            }
            return answers
        }
    }

    /// Posts bodies one after another at a pace, whatever the answers take; returns how long each took, seconds.
    func pace(_ bodies: [[UInt8]], to path: String, each interval: Duration) async throws -> [Double] {
        try await connect().executeThenClose { inbound, outbound in
            var parts = inbound.makeAsyncIterator()
            var times: [Double] = []
            let clock = ContinuousClock()
            let beginning = clock.now
            for (index, body) in bodies.enumerated() {
                try await clock.sleep(until: beginning + interval * index)
                let sent = Stopwatch.elapsed
                try await send(body, to: path, outbound)
                while let part = try await parts.next() {
                    if case .head(let head) = part, head.status != .ok {
                        throw BenchmarkError("\(path): \(head.status)")
                    }
                    if case .end = part { break }
                }
                times.append(Stopwatch.elapsed - sent)
            }
            return times
        }
    }

    /// Posts bodies over and over without a pause, whatever is answered; returns how many were refused.
    func flood(
        _ bodies: [[UInt8]], from first: Int, to path: String, until isOver: @Sendable () -> Bool
    ) async throws -> Int {
        try await connect().executeThenClose { inbound, outbound in
            var parts = inbound.makeAsyncIterator()
            var (index, refused) = (first, 0)
            while !isOver() {
                try await send(bodies[index % bodies.count], to: path, outbound)
                index += 1
                while let part = try await parts.next() {
                    if case .head(let head) = part, head.status == .tooManyRequests { refused += 1 }
                    if case .end = part { break }
                }
            }
            return refused
        }
    }

    /// Posts one body and hands on what comes back, until the task is cancelled.
    func listen(
        _ body: [UInt8], at path: String, receive: @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        try await connect().executeThenClose { inbound, outbound in
            try await send(body, to: path, outbound)
            for try await part in inbound {
                if case .body(let bytes) = part { try await receive(Array(bytes.readableBytesView)) }
            }
            try Task.checkCancellation()
            throw BenchmarkError("the server ended a live pull")
        }
    }

    private func send(
        _ body: [UInt8], to path: String, _ outbound: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>
    ) async throws {
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: path)
        head.headers.add(name: "host", value: "127.0.0.1:\(port)")
        head.headers.add(name: "content-type", value: "application/vnd.voordracht.frames")
        head.headers.add(name: "content-length", value: String(body.count))
        try await outbound.write(.head(head))
        try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body))))
        try await outbound.write(.end(nil))
    }
}
