import Nominations
import OfflineReplica

/// Why something was not done, in words for a person and with a code for a program.
public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Dotted words such as `record.ambiguous`; never changes its meaning.
    public let code: String
    /// What is wrong, in one sentence.
    public let message: String
    /// Which file, record or field it is about; empty where that is clear.
    public var place: String
    /// What to do about it, in one sentence.
    public let remedy: String
    /// What the person may have meant, the best first.
    public let suggestions: [String]

    public init(
        code: String, message: String, place: String = "", remedy: String, suggestions: [String] = []
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.remedy = remedy
        self.suggestions = suggestions
    }

    public var description: String { "\(code): \(message)" }

    /// Errors are equal when their codes are.
    public static func == (left: Self, right: Self) -> Bool {
        Array(left.code.utf8) == Array(right.code.utf8)
    }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

extension Failure {
    /// Any error of this library in a person's language. What has no words of its own there is told in
    /// English, as its module tells it.
    public init(_ error: any Error, in language: Language) {
        switch error {
        case let failure as Failure: self = failure
        case let error as FaceError: self.init(error, language)
        case let error as NominationError:
            let wording = error.wording(language)
            self.init(
                code: error.code.rawValue, message: wording.message, remedy: wording.remedy,
                suggestions: error.suggestions)
        case let error as ReplicaError: self.init(Reason(error), in: language, at: error.place)
        case let error as ConnectionError: self.init(Reason(error), in: language, at: error.place)
        default:
            guard let reason = Reason(failure: error) else {
                self.init(
                    code: "unexpected", message: "\(error)",
                    remedy: FaceError.Code.unexpected.wording(language).remedy)
                return
            }
            self.init(reason, in: language)
        }
    }

    /// A reason of the rules, the replica or the server.
    public init(_ reason: Reason, in language: Language) { self.init(reason, in: language, at: "") }

    /// - Parameter place: the file, folder or address that it is about; empty where it is about none.
    init(_ reason: Reason, in language: Language, at place: String) {
        let own = MessageCode.wording(ofCode: reason.code, language)
        let other = language == .dutch ? ReasonWording.dutch(reason.code) : nil
        guard let told = own ?? other else {
            self.init(code: reason.code, message: reason.message, place: place, remedy: reason.remedy)
            return
        }
        let filled = told.filled([reason.message])
        // What is to be reported goes along in the words of whoever wrote it.
        let isReported = told.asksForReport && filled.message == told.message
        self.init(
            code: reason.code, message: filled.message, place: isReported ? reason.message : place,
            remedy: filled.remedy)
    }
}

extension Failure: Documented {
    /// The error as scripts read it on standard error.
    public var json: JSON {
        [
            "code": .string(code), "message": .string(message), "where": .string(place),
            "remedy": .string(remedy), "suggestions": JSON(suggestions),
        ]
    }
}
