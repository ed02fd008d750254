import ChangeLog
import OfflineReplica

/// Unsent changes for the server in a file that somebody else can carry.
public struct OutgoingBundle: Hashable, Sendable, Documented {
    /// The file; only the server can read it.
    public let file: [UInt8]
    /// What is in it, as it stands here, by number.
    public let changes: [ChangeList.Item]

    public var json: JSON { ["bytes": JSON(file.count), "changes": JSON(changes)] }
}

/// What became of the changes of a bundle; what they say is between their author and the server.
public struct DeliveredBundle: Hashable, Sendable, Documented {
    public let accepted: Int
    public let held: Int
    /// Behind changes that have not come to the server, or are held there.
    public let waiting: Int
    public let refused: Int

    public var json: JSON {
        [
            "accepted": JSON(accepted), "held": JSON(held), "waiting": JSON(waiting),
            "refused": JSON(refused),
        ]
    }
}

extension Voordracht {
    /// Puts what waits to be sent into a file for the server, without a network.
    ///
    /// It stays queued here until an exchange brings the verdicts, whether the file arrives or not.
    ///
    /// - Throws: `BundleError` where nothing waits, it is too much, or the server's key has not come yet.
    public func exportBundle() async throws -> OutgoingBundle {
        let sealed = try await replica.bundle()
        let carried = Set(sealed.changes)
        let waiting = try await outgoing().changes
        return OutgoingBundle(file: sealed.bytes, changes: waiting.filter { carried.contains($0.change) })
    }

    /// Hands a bundle to the server, whoever wrote it; again does no harm.
    ///
    /// - Throws: `Reason` `bundle.…` where the server does not take it; `ConnectionError`.
    public func importBundle(_ file: [UInt8]) async throws -> DeliveredBundle {
        if let error = try await patience() { throw error }
        let outcome = try await replica.deliver(bundle: file, over: try replica.connection())
        return DeliveredBundle(
            accepted: outcome.accepted, held: outcome.held, waiting: outcome.waiting,
            refused: outcome.refused)
    }
}
