public import ChangeLog

/// Why a peer's bytes or frames were not accepted.
public struct ProtocolError: CodedError, Sendable {
    /// What went wrong, for programs and for the other side.
    public enum Code: String, Sendable, CaseIterable {
        /// A frame that breaks the format.
        case malformed = "frame.malformed"
        /// An enrolment link that is none, or not all of one.
        case link = "link.malformed"
        /// A frame longer than allowed.
        case tooLarge = "frame.tooLarge"
        /// A frame of a kind that this side does not know.
        case unknownFrame = "frame.unknown"
        /// The stream ended inside a frame.
        case truncated = "frame.truncated"
        /// A frame that may not come here.
        case outOfOrder = "session.outOfOrder"
        /// A version of the protocol that this side does not speak.
        case version = "session.version"
        /// A part of a change that this side does not know.
        case unsupported = "change.unsupported"
        /// The other side refused to go on.
        case refused = "session.refused"
    }

    public let code: Code
    public let message: String
    public let remedy: String

    public init(_ code: Code, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy ?? Self.remedy(for: code)
    }

    public init(_ error: ChangeLogError) {
        let code: Code =
            switch error.code {
            case .tooLarge: .tooLarge
            case .unsupported: .unsupported
            case .truncated, .trailing, .malformed, .notUTF8: .malformed
            }
        self.init(code, error.description)
    }

    private static func remedy(for code: Code) -> String {
        switch code {
        case .version, .unknownFrame, .unsupported: "Update the older of the two programs."
        case .truncated: "Synchronise again; the connection was cut."
        case .tooLarge: "Send smaller frames."
        case .malformed, .outOfOrder: "The other side has a fault: report it with this message."
        case .link: "Copy the whole link from the invitation, from voordracht:// to its end."
        case .refused: "See the message."
        }
    }
}
