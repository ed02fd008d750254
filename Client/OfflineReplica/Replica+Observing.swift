import GRDB

/// Something new can be read.
public struct ReplicaChange: Hashable, Sendable {
    /// Rises with every commit that changed something to see.
    public let version: UInt64
}

extension Replica {
    /// Emits once at the start and then after commits, those of other processes too. A slow reader is
    /// told of the newest state only.
    public func observe() -> AsyncStream<ReplicaChange> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ReplicaChange.self, bufferingPolicy: .bufferingNewest(1))
        let last = LastVersion()
        let pool = pool
        let tell: @Sendable () -> Void = {
            // A database that cannot be read now is told of by whoever reads it next.
            guard let state = try? pool.read({ try ReplicaState.load($0) }) else { return }
            if last.advance(to: state.version) { continuation.yield(ReplicaChange(version: state.version)) }
        }
        let end = signal.watch(tell)
        continuation.onTermination = { _ in end() }
        tell()
        return stream
    }
}
