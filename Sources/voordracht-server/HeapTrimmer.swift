import CMalloc
import ServiceLifecycle

/// Gives the memory that was freed back to the system, twice a minute: glibc keeps what 600 handshakes at
/// once needed, though each connection needs a fraction of it afterwards.
struct HeapTrimmer: Service {
    private static let interval = Duration.seconds(30)

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                while true {
                    try await Task.sleep(for: Self.interval)
                    malloc_trim(0)
                }
            } catch is CancellationError {
                // The server was told to stop.
            }
        }
    }
}
