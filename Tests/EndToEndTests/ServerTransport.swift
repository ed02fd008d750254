import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol
import SyncServer
import TransparencyLog

/// Carries frames to a service of this process, as the HTTP interface does.
struct ServerTransport: FrameTransport {
    let workspace: SyncServer.Workspace
    private var device: RecordID?

    init(_ workspace: SyncServer.Workspace) { self.workspace = workspace }

    /// With the certificate of that replica's device.
    func of(_ replica: Replica) -> ServerTransport {
        var transport = self
        transport.device = replica.identity.device
        return transport
    }

    private static func key(of device: RecordID, _ service: SyncService) async throws -> PublicKey? {
        let key = try await service.read { try $0.origin(of: device, in: Roster.audience)?.key?.values.first }
        guard case .bytes(let bytes)? = key else { return nil }
        return try PublicKey(subjectPublicKeyInfo: bytes)
    }

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        let service = workspace.service
        guard case .hello(let hello)? = frames.first, let id = device,
            let report = try await service.devices().first(where: { $0.device == id }),
            let person = report.person, let key = try await Self.key(of: id, service)
        else { throw ConnectionError(.rejected, "no such device") }
        let isRetired = report.standing == Roster.retired
        let device = DeviceIdentity(device: id, person: person, publicKey: key, isRetired: isRetired)
        if path == "/push" {
            let (epoch, head) = await service.head()
            guard try await receive(.welcome(Welcome(epoch: epoch, head: head, milliseconds: 0))) else {
                return
            }
        }
        var known: UInt64?
        var evidence: [EarlierReceipt] = []
        for frame in frames.dropFirst() {
            if case .compare(let size) = frame {
                known = size
                guard path == "/push" else { continue }
                let comparison = try await service.comparison(with: size)
                known = comparison.signed.head.size
                guard try await receive(.tree(comparison)) else { return }
                continue
            }
            if case .evidence(let receipts) = frame { evidence += receipts }
            if case .want(let want) = frame {
                for try await frame in service.pull(hello, want, known: known, for: device) {
                    guard try await receive(frame) else { return }
                }
                continue
            }
            var answers: [Frame]
            do { answers = try await answer(to: frame, hello, device, evidence, known) } catch let reason
                as Reason
            {
                answers = [.refusal(reason)]
            }
            for answer in answers { guard try await receive(answer) else { return } }
        }
        let hasPurged = frames.contains { if case .purged = $0 { true } else { false } }
        if isRetired, hasPurged, path == "/push" { try await service.handedIn(by: device) }
    }

    private func answer(
        to frame: Frame, _ hello: Hello, _ device: DeviceIdentity, _ evidence: [EarlierReceipt],
        _ known: UInt64?
    ) async throws -> [Frame] {
        let service = workspace.service
        switch frame {
        case .push(let batch):
            do {
                return Frame.verdicts(
                    dividing: try await service.push(
                        batch, from: device, replica: hello.replica, evidence: evidence))
            } catch let reason as Reason where reason.code == "replica.copied" {
                let shared = try await service.shared(batch, from: device, replica: hello.replica)
                return Frame.verdicts(dividing: shared) + [.refusal(reason)]
            }
        case .purged(let audiences):
            try await service.purged(audiences, by: device)
            return []
        case .prove(let change):
            return [.receipt(try await service.receipt(of: change, in: known ?? 0, for: device))]
        case .lodge(let heads):
            try await service.lodge(heads, of: hello.replica, by: device)
            return []
        case .offer(let batch): return [.verdicts(try await service.offer(batch, by: device))]
        case .ask(let changes):
            return Frame.verdicts(dividing: try await service.verdicts(of: changes, for: device))
        case .continue(let continuation):
            try await service.continue(continuation, by: device)
            return [.continued(continuation)]
        default: return []
        }
    }
}
