/// A failure of a key, a signature or a certificate.
///
/// Two errors are equal when their codes are: the texts are for people, and may change.
public struct CryptographyError: Error, Hashable, Sendable {
    /// What went wrong, for programs.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The bytes or text are not the form that was asked for.
        case malformed
        /// A key of another kind than elliptic curve P-256.
        case unsupportedKey
        /// A request is not signed by the key that it carries.
        case invalidSignature
        /// The private key does not belong to the certificate that it should sign for.
        case keyMismatch
        /// A name, host, time or period that cannot stand in a certificate.
        case invalidField
        /// A sealed file has another passphrase.
        case wrongPassphrase
        /// A sealed file was cut off, altered or put together anew.
        case altered
        /// A sealed file of a version that this program does not know.
        case otherVersion
        /// A sealed file is for the holder of another key.
        case otherRecipient
        /// libcrypto refused an operation that should succeed, as when memory runs out.
        case libraryFailure
    }

    public let code: Code
    /// What failed, in one English sentence.
    public let message: String
    /// What the reader can do about it, in one English sentence.
    public let remedy: String
    /// libcrypto's own account, oldest first; empty when it was not involved.
    public let cause: [String]

    init(_ code: Code, _ message: String, remedy: String, cause: [String] = []) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.cause = cause
    }

    public static func == (one: Self, other: Self) -> Bool {
        one.code == other.code
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }
}

extension CryptographyError: CustomStringConvertible {
    public var description: String {
        let reasons = cause.isEmpty ? "" : " (\(cause.joined(separator: "; ")))"
        return "\(message)\(reasons). \(remedy)."
    }
}

extension CryptographyError {
    /// Bytes or text that are not `thing`; takes libcrypto's reasons from the queue.
    static func malformed(_ thing: String) -> Self {
        Self(
            .malformed, "This is not \(thing)",
            remedy: "Check that the file or message is complete and of the right kind",
            cause: ErrorQueue.drain())
    }

    static func wrongPassphrase() -> Self {
        Self(.wrongPassphrase, "The passphrase is another one", remedy: "Give the one it was sealed with")
    }

    static func altered() -> Self {
        Self(.altered, "The sealed file was cut off or altered", remedy: "Fetch it again, or use another one")
    }

    static func otherVersion() -> Self {
        Self(
            .otherVersion, "The sealed file is of another version",
            remedy: "Update the older of the two programs")
    }

    static func otherRecipient() -> Self {
        Self(.otherRecipient, "The sealed file is for somebody else", remedy: "Give it to whom it is for")
    }

    static func unsupportedKey() -> Self {
        Self(
            .unsupportedKey, "Only keys on the elliptic curve P-256 are accepted",
            remedy: "Make a new key with this program", cause: ErrorQueue.drain())
    }

    static func libraryFailure(_ operation: String) -> Self {
        Self(
            .libraryFailure, "libcrypto could not \(operation)",
            remedy: "Try again; if it keeps failing, check the installation of OpenSSL",
            cause: ErrorQueue.drain())
    }
}
