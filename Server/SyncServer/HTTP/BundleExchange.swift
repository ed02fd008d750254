import ChangeLog
import Cryptography
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import SyncProtocol

/// Answers a bundle that a device carries for another: opens it, has its changes judged as its author's push,
/// and tells how many became what, and nothing else.
struct BundleExchange {
    let workspace: Workspace
    let limits: HTTPLimits
    let device: DeviceIdentity
    let passage: Passage
    let logger: Logger

    @concurrent
    func reply(to request: Request) async throws -> Reply {
        do {
            // One at a time, so that a device has the memory of one.
            let tally = try await passage.turn { try await receive(request) }
            told(
                "accepted=\(tally.accepted) held=\(tally.held) waiting=\(tally.waiting) refused=\(tally.refused)"
            )
            return try .json(tally)
        } catch let refusal as Traffic.Refusal {
            throw RequestFailure(refusal)
        } catch let reason as Reason {
            told(reason.code)
            throw RequestFailure(.badRequest, reason)
        } catch let error as ProtocolError {
            told(error.code.rawValue)
            throw RequestFailure(error)
        }
    }

    @concurrent
    private func receive(_ request: Request) async throws -> BundleTally {
        let sealed: [UInt8]
        do {
            sealed = Array(try await request.body.collect(upTo: limits.bundleBytes).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw RequestFailure(.contentTooLarge, .bodyTooLarge, "\(limits.bundleBytes) bytes")
        }
        let received = workspace.environment.nowMilliseconds()
        try await passage.pass(bytes: sealed.count)
        let bundle = try Bundle(bytes: try open(sealed))
        try await passage.pass(changes: bundle.count, bytes: 0)
        return try await workspace.service.receive(bundle, by: device, received: received)
    }

    private func open(_ sealed: [UInt8]) throws -> [UInt8] {
        do {
            return try SealedBundle.open(sealed, with: workspace.identity.bundleKey)
        } catch {
            switch error.code {
            case .malformed: throw Refusal.bundleMalformed
            case .otherVersion: throw Refusal.bundleVersion
            case .otherRecipient: throw Refusal.bundleForeign
            case .altered: throw Refusal.bundleAltered
            default: throw error
            }
        }
    }

    private func told(_ result: String) {
        LogEntry(action: .bundle, object: Reference.text(device.device), result: result)
            .write(to: logger, .info, "Carried")
    }
}
