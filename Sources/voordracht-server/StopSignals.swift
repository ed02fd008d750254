import Dispatch
import Foundation

/// Runs something when the program is asked to stop: by SIGTERM from its supervisor, or by Ctrl-C.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: @escaping @Sendable () async -> Void) {
        sources = [SIGTERM, SIGINT].map { number in
            // Otherwise the system would end the program before anybody hears of it.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { Task { await stop() } }
            source.resume()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
