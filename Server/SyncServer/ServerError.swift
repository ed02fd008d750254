public import ChangeLog

/// Why the server cannot do its work at all; what is wrong with a change is a `Reason`.
public struct ServerError: CodedError, Sendable {
    /// What went wrong, for programs.
    public enum Code: String, Sendable, CaseIterable {
        /// There is no server data in the folder.
        case absent
        /// There is server data in the folder already.
        case present
        /// The file is something else than the data of this server.
        case foreign
        /// The data was written by a newer version of this program.
        case newer
        /// The data is damaged, or two parts of it contradict each other.
        case damaged
        /// The disk is full; nothing of what was being written is kept or acknowledged.
        case diskFull
        /// The database may not be read and written by this user.
        case forbidden
        /// The database or the disk refused something else.
        case storage
        /// What was acknowledged could be lost with the power: the disk or SQLite refuses full syncs.
        case notDurable
        /// The domain's rules refuse what the server itself must write.
        case rules
        /// The service has been closed.
        case closed
    }

    public let code: Code
    /// What is wrong and where, in one English sentence.
    public let message: String
    /// The file or folder that it is about; empty where it is about none.
    public let place: String
    /// What to do about it, in one English sentence.
    public let remedy: String
    /// The error beneath, where there is one.
    public let cause: (any Error)?

    public init(
        _ code: Code, _ message: String, at place: String = "", remedy: String, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.remedy = remedy
        self.cause = cause
    }

    public var description: String {
        let reason = cause.map { " (\($0))" } ?? ""
        return "\(message)\(reason). \(remedy)."
    }
}
