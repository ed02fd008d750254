import Logging
import Synchronization

/// What the server was asked, in its own words: its log says so before anything is answered.
final class RequestLog: Sendable {
    private let paths = Mutex<[String]>([])

    /// The paths since `forget`, the oldest first.
    var asked: [String] { paths.withLock { $0 } }

    func forget() { paths.withLock { $0 = [] } }

    struct Handler: LogHandler {
        let log: RequestLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        init(log: RequestLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            guard "\(event.message)" == "Asked", let path = event.metadata?["object"] else { return }
            log.paths.withLock { $0.append("\(path)") }
        }
    }
}
