import ChangeLog
import Logging
import SyncProtocol

/// One thing that was done, as the log tells it: who did what to what, and what came of it.
///
/// It is made of ids, codes and numbers alone. What people write, their names, secrets and links have no way
/// into it, and neither have the words of a reason, which may cite what was written.
struct LogEntry {
    enum Action: String {
        case request, push, pull, bundle, segment, enrol, renew, invite, revoke, judge, release, decline,
            task, declined,
            `continue`
    }

    /// The metadata that an entry consists of, in the order in which it is written.
    static let members = ["actor", "action", "object", "result", "request"]

    /// Whoever opened the socket in the server's folder.
    static let administrator = "administrator"

    let action: Action
    let object: String
    /// `ok`, counts such as `accepted=3`, or the code of what went wrong.
    let result: String

    /// Says it in one line, under the request and the actor that the logger carries.
    func write(to logger: Logger, _ level: Logger.Level, _ message: Logger.Message) {
        logger.log(
            level: level, message,
            metadata: ["action": "\(action.rawValue)", "object": "\(object)", "result": "\(result)"])
    }
}

extension Logger {
    /// The same logger, for what a device does.
    func acting(_ device: DeviceIdentity) -> Logger {
        acting("\(Reference.text(person: device.person))/\(Reference.text(device.device))")
    }

    func acting(_ actor: String) -> Logger {
        var logger = self
        logger[metadataKey: "actor"] = "\(actor)"
        return logger
    }

    func answering(_ request: RequestNumber) -> Logger {
        var logger = self
        logger[metadataKey: "request"] = "\(request.text)"
        return logger
    }
}

extension ServerError {
    /// For an administrator: a failure of the server cites files and statements, and no values in them.
    var detail: Logger.Metadata { ["result": "server.\(code.rawValue)", "detail": "\(self)"] }
}

/// What went wrong, without its words: a code of ours, or the type of an error of somebody else's, whose
/// description may hold what a device sent.
enum FailureCode {
    static func text(_ error: any Error) -> String {
        switch StoreFailure.translated(error) {
        case let reason as Reason: reason.code
        case let failure as RequestFailure: failure.error.code
        case let error as ServerError: "server.\(error.code.rawValue)"
        case let error as AdministrationError: error.code
        case let error as ProtocolError: error.code.rawValue
        default: "\(type(of: error))"
        }
    }
}
