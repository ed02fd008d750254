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
    let metrics: ServerMetrics
    let gate: TrafficGate
    let logger: Logger
    let counter: RequestCounter

    /// Answers one request. An error that it throws closes the connection in the middle of the answer.
    @concurrent
    func respond(
        to request: Request, _ writer: consuming ResponseWriter, on channel: any Channel
    ) async throws {
        var asking = Asking(
            route: Route(rawValue: request.uri.path), logger: logger.answering(counter.next()))
        defer { asking.passage?.leave() }
        LogEntry(action: .request, object: asking.name, result: "begun")
            .write(to: asking.logger, .debug, "Asked")
        let reply: Reply
        do {
            try await admit(request, &asking, on: channel)
            // Whoever asks first whether to send its body at all has not sent it in vain.
            if request.headers[.expect]?.lowercased() == "100-continue" {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            reply = try await self.reply(to: request, asking, on: channel)
        } catch let failure as RequestFailure {
            reply = try refused(request, asking, failure, .info)
        } catch let error as ServerError {
            asking.logger.error("A request failed", metadata: error.detail)
            reply = try refused(request, asking, RequestFailure(.serviceUnavailable, error.reason), .error)
        } catch let error as HTTPParserError {
            // What comes is no HTTP any more: the library says so, and closes the connection.
            throw error
        } catch {
            // Whoever has left in the middle of a request is not there to be answered.
            guard channel.isActive else { throw error }
            asking.logger.error("A request failed", metadata: ["result": "\(FailureCode.text(error))"])
            let failure = RequestFailure(.internalServerError, .failed, "see its log")
            reply = try refused(request, asking, failure, .error)
        }
        metrics.request(asking.route, status: reply.status.code)
        try await reply.send(to: writer)
    }

    /// One request: where it goes, and the logger that its lines have in common.
    private struct Asking {
        /// nil for a path that there is not; what was asked for instead may be anything, and is not logged.
        let route: Route?
        var logger: Logger
        var name: String { route?.rawValue ?? "other" }
        /// Of a route that is not open to everybody.
        var device: DeviceIdentity?
        var passage: Passage?
    }

    private func refused(
        _ request: Request, _ asking: Asking, _ failure: RequestFailure, _ level: Logger.Level
    ) throws -> Reply {
        LogEntry(
            action: .request, object: asking.name,
            result: "\(failure.status.code) \(failure.error.code)"
        ).write(to: asking.logger, level, "Refused")
        return try failure.reply(to: request)
    }

    /// Finds out whose request it is, and whether it may be made now; nothing of its body is read yet.
    @concurrent
    private func admit(_ request: Request, _ asking: inout Asking, on channel: any Channel) async throws {
        guard asking.route?.isOpen != true else { return }
        let device = try await device(on: channel)
        asking.logger = asking.logger.acting(device)
        guard let route = asking.route else {
            throw RequestFailure(.notFound, .routeUnknown, request.uri.path)
        }
        try route.check(request.method)
        do { asking.passage = try await gate.enter(device) } catch let refusal as Traffic.Refusal {
            throw RequestFailure(refusal)
        }
        asking.device = device
    }

    @concurrent
    private func reply(
        to request: Request, _ asking: Asking, on channel: any Channel
    ) async throws -> Reply {
        guard let route = asking.route, let device = asking.device, let passage = asking.passage else {
            return try await openReply(asking.route ?? .health, to: request, asking.logger)
        }
        let (service, logger) = (workspace.service, asking.logger)
        let pull = PullExchange(
            service: service, limits: limits, device: device, passage: passage,
            connection: channel, logger: logger)
        switch (route, request.method) {
        case (.push, _):
            return try await PushExchange(
                service: service, environment: workspace.environment, limits: limits, device: device,
                passage: passage, logger: logger
            ).reply(to: request)
        case (_, .get): return try await pull.plainReply(to: request)
        default: return try await pull.reply(to: request)
        }
    }

    @concurrent
    private func openReply(
        _ route: Route, to request: Request, _ logger: Logger
    ) async throws -> Reply {
        try route.check(request.method)
        if route == .enrol {
            return try await EnrolmentExchange(workspace: workspace, limits: limits, logger: logger)
                .reply(to: request)
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
