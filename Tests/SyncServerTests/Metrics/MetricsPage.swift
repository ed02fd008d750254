import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

/// A page over plain HTTP, as Prometheus fetches it.
struct MetricsPage {
    let status: Int
    let type: String?
    let text: String

    static func fetch(_ path: String = "/metrics", port: Int, method: HTTPMethod = .GET) async throws
        -> MetricsPage
    {
        typealias Channel = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try Channel(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let headers: HTTPHeaders = ["host": "127.0.0.1", "connection": "close"]
            let head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
            // At once: a server that answers the head closes the connection on which the end would follow.
            try await outbound.write(contentsOf: [.head(head), .end(nil)])
            var (status, type, body) = (0, String?.none, [UInt8]())
            for try await part in inbound {
                switch part {
                case .head(let head):
                    (status, type) = (Int(head.status.code), head.headers.first(name: "content-type"))
                case .body(let bytes): body += bytes.readableBytesView
                case .end: break
                }
            }
            return MetricsPage(status: status, type: type, text: String(decoding: body, as: UTF8.self))
        }
    }

    /// The number of a series, as `name{labels}`; nil where there is none.
    subscript(_ series: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    /// The lines that are neither comments nor samples of the format.
    var malformed: [Substring] {
        text.split(separator: "\n").filter { line in
            if line.wholeMatch(of: #/# HELP [a-zA-Z_:][a-zA-Z0-9_:]* .*/#) != nil { return false }
            if line.wholeMatch(of: #/# TYPE [a-zA-Z_:][a-zA-Z0-9_:]* (counter|gauge|histogram)/#) != nil {
                return false
            }
            let sample =
                #/[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="[^"]*",?)+\})? ([-+0-9.e]+|\+Inf|NaN)/#
            return line.wholeMatch(of: sample) == nil
        }
    }
}
