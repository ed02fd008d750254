import ChangeLog
import Cryptography
public import SyncProtocol

/// What became of the changes of a bundle: all that whoever carried it is told.
public struct BundleTally: Hashable, Sendable, Codable {
    public var accepted = 0
    public var held = 0
    public var waiting = 0
    public var refused = 0

    public init() {}

    mutating func add(_ entries: [VerdictEntry]) {
        for entry in entries {
            switch entry.verdict {
            case .accepted: accepted += 1
            case .held: held += 1
            case .waiting: waiting += 1
            case .refused: refused += 1
            }
        }
    }
}

extension SyncService {
    /// Takes in the changes of a bundle, as if their author had pushed them now; a change that is known already
    /// keeps its verdict.
    ///
    /// - Parameters:
    ///   - device: that carried the bundle, which may be anybody's.
    ///   - received: when it was here whole, milliseconds since 1970 UTC; nil for now.
    /// - Throws: `Reason` as `push`; `bundle.author` where the device that signed has no rights now, `bundle.copied`
    ///   where another copy of its replica came first. What comes before that, a piece of a batch at a time, is
    ///   kept.
    public func receive(
        _ bundle: Bundle, by device: DeviceIdentity, received: Int64? = nil
    ) async throws -> BundleTally {
        let received = received ?? engine.environment.nowMilliseconds()
        var tally = BundleTally()
        var batches = try bundle.batches
        while let batch = try batches.next() {
            do {
                tally.add(
                    try await take(batch, by: device, received: received) { ledger, author in
                        // Whoever may not push may not be carried either.
                        if try ledger.pushFault(of: author) != nil { throw Refusal.bundleAuthor }
                    })
            } catch let reason as Reason where reason == Refusal.replicaForeign {
                throw Refusal.bundleAuthor
            } catch let reason as Reason where reason == Refusal.replicaCopied {
                throw Refusal.bundleCopied
            }
        }
        return tally
    }

    /// Says in the roster to which key bundles are sealed, unless that is what it says already.
    ///
    /// - Throws: `ServerError` `.rules` when the domain refuses it.
    func publish(bundleKey key: PublicKey) async throws {
        let engine = engine
        let value = Value.bytes(key.subjectPublicKeyInfo)
        let device = engine.author.device
        guard try await engine.read({ try $0.rostered(device, Roster.bundleKey) }) != value else { return }
        try await engine.write([(Roster.audience, [.write(device, Roster.bundleKey, .decided, value)])])
    }
}
