public import ChangeLog

/// Why there is no bundle.
public struct BundleError: CodedError, Sendable {
    /// What is missing, for programs.
    public enum Code: String, Sendable, CaseIterable {
        /// This replica has not been told yet to which key of the server a bundle is sealed.
        case noKey = "bundle.noKey"
        /// Nothing waits to be sent.
        case nothing = "bundle.nothing"
        /// What waits is more than a bundle holds.
        case tooLarge = "bundle.tooLarge"
    }

    public let code: Code
    /// What is wrong, in English.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// What to do about it, in English.
    public var remedy: String {
        switch code {
        case .noKey: "Synchronise this device once with a server of this version; all stays queued."
        case .nothing: "There is nothing to do: all edits have their answer."
        case .tooLarge: "Synchronise this device with the server; all stays queued."
        }
    }
}
