import Dispatch
import GRDB

@testable import SyncServer

/// Keeps the one writer of a server busy until it is let go, so that work piles up behind it.
struct HeldWriter {
    private let gate: DispatchSemaphore
    private let holder: Task<Void, any Error>

    init(of engine: Engine) async {
        let (locked, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let pool = engine.store.pool
        holder = Task.detached {
            try await pool.writeWithoutTransaction { _ in
                locked.signal()
                gate.wait()
            }
        }
        self.gate = gate
        await Task.detached { locked.wait() }.value
    }

    func letGo() { gate.signal() }

    /// Once it is let go.
    func end() async throws { try await holder.value }
}
