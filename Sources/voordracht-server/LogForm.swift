import ArgumentParser
import Foundation
import Logging
import SyncServer

/// How the lines of the log are written, all to standard error.
enum LogForm: String, ExpressibleByArgument, CaseIterable {
    /// One document for each line, for programs.
    case json
    /// For people.
    case text

    func logger(_ level: Logger.Level) -> Logger {
        var logger = Logger(label: "voordracht-server") { _ in
            switch self {
            case .json:
                JSONLogHandler(nowMilliseconds: { Moment.now }) { Terminal.write($0, to: .standardError) }
            case .text: StreamLogHandler.standardError(label: "server")
            }
        }
        logger.logLevel = level
        return logger
    }
}
