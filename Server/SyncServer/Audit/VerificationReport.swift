public import ChangeLog

/// What a walk over everything that the server keeps has found.
public struct VerificationReport: Hashable, Sendable {
    /// One thing that is not as it must be.
    public struct Finding: Hashable, Sendable, CustomStringConvertible {
        /// Where: a table and the key of a row, such as `change 17` or `verdict <replica>:<number>`.
        public let place: String
        public let fault: AuditFault
        /// The numbers or the cause, where the fault names any.
        public let subject: String

        public var message: String { fault.message(subject) }

        public var description: String { "\(place): \(message)" }
    }

    /// The newest position.
    public let head: Position
    /// How many changes were walked.
    public let changes: Int
    /// In the order of the walk.
    public let findings: [Finding]

    public var isSound: Bool { findings.isEmpty }
}
