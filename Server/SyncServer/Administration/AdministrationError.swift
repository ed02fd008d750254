public import ChangeLog
import Cryptography
import Glibc

/// Why a server could not do what it was asked: by an administrator, or by its own start.
///
/// Two errors are equal when their codes are: the texts are for people, and may change.
public struct AdministrationError: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// Dotted words such as `record.ambiguous`; one of `AdministrationFailure`, of the engine or of the rules.
    public let code: String
    /// What failed, in one English sentence.
    public let message: String
    /// Where: a file, a folder or a command; empty when the message says it all.
    public let place: String
    /// What to do about it, in English.
    public let remedy: String
    /// What could have been meant.
    public let suggestions: [String]
    /// What the message speaks of, so that it can be said in another language.
    public let subject: String
    /// The same of an error of the domain, in the order of the places in its wording.
    public var arguments: [String] = []

    public init(
        _ failure: AdministrationFailure, _ subject: String = "", place: String = "",
        suggestions: [String] = []
    ) {
        code = failure.rawValue
        message = failure.message(subject) + "."
        remedy = failure.remedy
        self.place = place
        self.suggestions = suggestions
        self.subject = subject
    }

    /// What the system refused with a file, by its `errno`.
    init(system number: Int32, place: String) {
        switch number {
        case EACCES, EPERM: self.init(.folderForbidden, place, place: place)
        case ENOSPC, EDQUOT: self.init(.folderDiskFull, place, place: place)
        default: self.init(.folderUnusable, "\(place) (\(String(cString: strerror(number))))", place: place)
        }
    }

    /// An error of a task, in English words of its own.
    public init(reason: Reason, arguments: [String] = [], suggestions: [String]) {
        self.arguments = arguments
        code = reason.code
        message = reason.message
        remedy = reason.remedy
        place = ""
        self.suggestions = suggestions
        subject = ""
    }

    /// A reason of the engine or of the domain's rules, as it is.
    public init(_ reason: Reason, place: String = "") {
        code = reason.code
        message = reason.message
        remedy = reason.remedy
        self.place = place
        suggestions = []
        subject = ""
    }

    /// A failure of the engine, under the code `server.` and its own.
    public init(_ error: ServerError, place: String = "") {
        code = "server.\(error.code.rawValue)"
        message = error.message + "."
        remedy = error.remedy + "."
        self.place = error.place.isEmpty ? place : error.place
        suggestions = []
        subject = ""
    }

    /// Any error: those of the engine keep their code, others become `server.failure`.
    public init(_ error: any Error, place: String = "") {
        switch StoreFailure.translated(error) {
        case let known as AdministrationError: self = known
        case let reason as Reason: self.init(reason, place: place)
        case let failure as ServerError: self.init(failure, place: place)
        case let failure as CryptographyError:
            self.init(
                Reason(
                    code: "key.\(failure.code.rawValue)", message: failure.message + ".",
                    remedy: failure.remedy + "."), place: place)
        default: self.init(.failed, "\(error)", place: place)
        }
    }

    public var description: String { "\(code): \(message)" }
    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
