import NIOCore
import NIOHTTP1
import NIOPosix
import SecureTransport
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct LimitTests {
    @Test func `a connection that falls silent is closed, also in the middle of a request`() async throws {
        var limits = HTTPLimits()
        limits.idleSeconds = 3
        try await TestInterface.run(limits: limits) { server async throws in
            let context = try server.anonymous()
            for announced in [nil, 10] {
                // To open a connection is to be answered on it once; then nothing more is sent.
                let isClosed = try await TestConnection.open(to: server.port, context) {
                    connection async throws in
                    if let announced { try await connection.sendHead(.POST, "/enrol", announcing: announced) }
                    do { return try await connection.nextFrame() == nil } catch { return true }
                }
                #expect(isClosed)
            }
        }
    }

    @Test func `connections beyond the limit wait until one closes`() async throws {
        var limits = HTTPLimits()
        limits.connections = 1
        try await TestInterface.run(limits: limits) { server async throws in
            let isFirstClosed = Flag()
            let context = try server.anonymous()
            try await withThrowingTaskGroup { group in
                try await TestConnection.open(to: server.port, context) { connection async throws in
                    group.addTask {
                        try await TestConnection.open(to: server.port, context, patience: .seconds(50)) {
                            second async throws in
                            let wasClosed = isFirstClosed.isRaised
                            #expect(wasClosed)
                            #expect(try await second.request(.GET, "/healthz").status == 200)
                        }
                    }
                    // Long enough for a second connection to be served if it were let in.
                    for _ in 0..<200 { _ = try await connection.request(.GET, "/healthz") }
                    isFirstClosed.raise()
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `headers beyond the limit are refused`() async throws {
        try await TestInterface.run { server async throws in
            try await TestConnection.open(to: server.port, try server.anonymous()) {
                connection async throws in
                let size = HTTPLimits().headerBytes
                let headers: HTTPHeaders = ["x-long": String(repeating: "x", count: size)]
                let answer = try await connection.request(.GET, "/healthz", headers: headers)
                #expect(answer.status == 400)
            }
        }
    }
}
