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
    ///
    /// What finds the answer is over when it is sent: a live pull keeps its place here for hours, and little
    /// should be kept with it.
    @concurrent
    func respond(
        to request: Request, _ writer: consuming ResponseWriter, on channel: any Channel
    ) async throws {
        let asking = Asking(route: Route(path: request.uri.path), logger.answering(counter.next()))
        defer { asking.passage?.leave() }
        LogEntry(action: .request, object: asking.name, result: "begun")
            .write(to: asking.logger, .debug, "Asked")
        let reply: Reply
        do {
            try await admit(request, asking, on: channel)
            // Whoever asks first whether to send its body at all has not sent it in vain.
            if request.headers[.expect]?.lowercased() == "100-continue" {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            reply = try await self.reply(to: request, asking, on: channel)
        } catch {
            reply = try refusal(for: error, of: request, asking, isThere: channel.isActive)
        }
        metrics.request(asking.route, status: reply.status.code)
        try await reply.send(to: writer)
        // Left open it would be one more, whatever was said.
        if asking.isOneTooMany { channel.close(mode: .all, promise: nil) }
    }

    /// One request: where it goes, and the logger that its lines have in common.
    private final class Asking {
        /// nil for a path that there is not; what was asked for instead may be anything, and is not logged.
        let route: Route?
        var logger: Logger
        var name: String { route?.rawValue ?? "other" }
        /// Of a route that is not open to everybody.
        var device: DeviceIdentity?
        var passage: Passage?
        /// Whether it came on a connection more than the device may have.
        var isOneTooMany = false

        init(route: Route?, _ logger: Logger) {
            self.route = route
            self.logger = logger
        }
    }

    /// What is answered when a request fails.
    ///
    /// - Throws: the error, when nobody is there to be answered.
    private func refusal(
        for error: any Error, of request: Request, _ asking: Asking, isThere: Bool
    ) throws -> Reply {
        switch error {
        case let failure as RequestFailure: return try refused(request, asking, failure, .info)
        case let error as ServerError:
            asking.logger.error("A request failed", metadata: error.detail)
            return try refused(request, asking, RequestFailure(.serviceUnavailable, error.reason), .error)
        // What comes is no HTTP any more: the library says so, and closes the connection.
        case is HTTPParserError: throw error
        // Whoever has left in the middle of a request is not there to be answered.
        case _ where !isThere: throw error
        default:
            asking.logger.error("A request failed", metadata: ["result": "\(FailureCode.text(error))"])
            let failure = RequestFailure(.internalServerError, .failed, "see its log")
            return try refused(request, asking, failure, .error)
        }
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
    private func admit(_ request: Request, _ asking: Asking, on channel: any Channel) async throws {
        guard asking.route?.isOpen != true else { return }
        let device = try await device(on: channel)
        asking.logger = asking.logger.acting(device)
        guard let route = asking.route else {
            throw RequestFailure(.notFound, .routeUnknown, request.uri.path)
        }
        try route.check(request.method)
        do { try gate.note(channel, of: device.device) } catch let refusal as Traffic.Refusal {
            asking.isOneTooMany = true
            throw RequestFailure(refusal)
        }
        do { asking.passage = try await gate.enter(device) } catch let refusal as Traffic.Refusal {
            throw RequestFailure(refusal)
        }
        // A retired device hands in what it has not sent, and asks in which epoch; it gets nothing any more.
        guard !device.isRetired || route == .push || route == .pull else {
            throw RequestFailure(.forbidden, Refusal.deviceRetired)
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
        switch (route, request.method) {
        case (.push, _):
            return try await PushExchange(
                service: workspace.service, environment: workspace.environment, limits: limits,
                device: device, passage: passage, logger: asking.logger
            ).reply(to: request)
        case (.certificate, _):
            return try CertificateRenewal(workspace: workspace, logger: asking.logger).reply(to: device)
        case (.bundle, _):
            return try await BundleExchange(
                workspace: workspace, limits: limits, device: device, passage: passage, logger: asking.logger
            ).reply(to: request)
        case (.declined, _):
            return try await DeclinedExchange(
                service: workspace.service, device: device, passage: passage, logger: asking.logger
            ).reply(to: request)
        case (.segment, _):
            return try await SegmentExchange(
                service: workspace.service, device: device, passage: passage, logger: asking.logger
            ).reply(to: request)
        case (_, .get): return try await pull(device, passage, channel, asking.logger).plainReply(to: request)
        default: return try await pull(device, passage, channel, asking.logger).reply(to: request)
        }
    }

    private func pull(
        _ device: DeviceIdentity, _ passage: Passage, _ channel: any Channel, _ logger: Logger
    ) -> PullExchange {
        PullExchange(
            service: workspace.service, limits: limits, device: device, passage: passage,
            connection: channel, logger: logger)
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
