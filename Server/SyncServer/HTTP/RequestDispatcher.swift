import ChangeLog
import Cryptography
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import SecureTransport

/// Finds out who asks for what, and lets the exchange of that address answer.
///
/// The device is looked up at each request: a session that TLS continues, or a connection that stays
/// open, gives a revoked device nothing.
struct RequestDispatcher: Sendable {
    let workspace: Workspace
    let limits: HTTPLimits
    let logger: Logger

    /// Answers one request. An error that it throws closes the connection in the middle of the answer.
    @concurrent
    func respond(
        to request: Request, _ writer: consuming ResponseWriter, on channel: any Channel
    ) async throws {
        logger.debug("Asked", metadata: ["method": "\(request.method)", "path": "\(request.uri.path)"])
        if request.headers[.expect]?.lowercased() == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        let reply: Reply
        do {
            reply = try await self.reply(to: request, on: channel)
        } catch let failure as RequestFailure {
            reply = try failure.reply(to: request)
        } catch let error as ServerError {
            logger.error("\(request.method) \(request.uri.path) failed: \(error)")
            reply = try RequestFailure(.serviceUnavailable, error.reason).reply(to: request)
        } catch let error as HTTPParserError {
            // What comes is no HTTP any more: the library says so, and closes the connection.
            throw error
        } catch {
            // Whoever has left in the middle of a request is not there to be answered.
            guard channel.isActive else { throw error }
            logger.error("\(request.method) \(request.uri.path) failed: \(error)")
            let failure = RequestFailure(.internalServerError, .failed, "see its log")
            reply = try failure.reply(to: request)
        }
        try await reply.send(to: writer)
    }

    @concurrent
    private func reply(to request: Request, on channel: any Channel) async throws -> Reply {
        let route = Route(rawValue: request.uri.path)
        if let route, route.isOpen { return try await openReply(route, to: request) }
        let device = try await device(on: channel)
        guard let route else { throw RequestFailure(.notFound, .routeUnknown, request.uri.path) }
        try route.check(request.method)
        let service = workspace.service
        let pull = PullExchange(
            service: service, limits: limits, device: device, connection: channel, logger: logger)
        switch (route, request.method) {
        case (.push, _):
            return try await PushExchange(
                service: service, environment: workspace.environment, limits: limits, device: device,
                logger: logger
            ).reply(to: request)
        case (_, .get): return try await pull.plainReply(to: request)
        default: return try await pull.reply(to: request)
        }
    }

    @concurrent
    private func openReply(_ route: Route, to request: Request) async throws -> Reply {
        try route.check(request.method)
        if route == .enrol {
            return try await EnrolmentExchange(workspace: workspace, limits: limits).reply(to: request)
        }
        if route == .readiness, !(try await workspace.service.isReady()) {
            throw RequestFailure(.serviceUnavailable, .notReady)
        }
        return try .json(["status": "ok"])
    }

    @concurrent
    private func device(on channel: any Channel) async throws -> DeviceIdentity {
        let certificate = try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: TLSHandler.self).peerCertificate
        }.get()
        guard let certificate else { throw RequestFailure(.unauthorized, .certificateMissing) }
        do {
            return try await workspace.service.device(publicKey: certificate.publicKey)
        } catch let reason as Reason {
            throw RequestFailure(.forbidden, reason)
        }
    }
}
