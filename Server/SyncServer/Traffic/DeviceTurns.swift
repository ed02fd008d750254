import ChangeLog
import Synchronization

/// Lets one thing of each device be done at a time, in the order of their coming.
///
/// A device gains nothing by having several pushes judged at once, since their chains follow each other; but
/// their hashes and signatures would take the processors from everybody else.
final class DeviceTurns: Sendable {
    /// Of each device that is at it, those who wait.
    private let waiting = Mutex<[RecordID: [CheckedContinuation<Void, Never>]]>([:])

    /// - Parameter rest: returns when the next one of the device may begin; nobody else waits for it.
    func turn<Result: Sendable>(
        of device: RecordID, rest: @escaping @Sendable () async -> Void = {},
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        await withCheckedContinuation { continuation in
            let isFree = waiting.withLock { waiting in
                if waiting[device] == nil {
                    waiting[device] = []
                    return true
                }
                waiting[device]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        defer { end(of: device, rest) }
        return try await body()
    }

    private func end(of device: RecordID, _ rest: @escaping @Sendable () async -> Void) {
        let next: CheckedContinuation<Void, Never>? = waiting.withLock { waiting in
            guard waiting[device]?.isEmpty == false else {
                waiting[device] = nil
                return nil
            }
            return waiting[device]?.removeFirst()
        }
        guard let next else { return }
        // What is done is answered without waiting for it.
        Task {
            await rest()
            next.resume()
        }
    }
}
