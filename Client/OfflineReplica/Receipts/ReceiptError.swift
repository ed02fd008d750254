public import ChangeLog

/// Why a receipt proves nothing.
public struct ReceiptError: CodedError, Sendable {
    /// What is wrong with it, for programs.
    public enum Code: String, Sendable, CaseIterable {
        /// It is no receipt, or not all of one.
        case malformed = "receipt.malformed"
        /// It is of a form that this program does not know.
        case version = "receipt.version"
        /// The signature of the author does not cover the change.
        case author = "receipt.author"
        /// The change does not stand in the tree as it says.
        case leaf = "receipt.leaf"
        /// The tree head is not signed with the key of the server that it names.
        case head = "receipt.head"
        /// It is of another server than that of this replica.
        case server = "receipt.server"
        /// Something of the change was erased: what is left is not what its author signed.
        case erased = "receipt.erased"
        /// Nothing of this nomination was sent that there could be a receipt of.
        case nothing = "receipt.nothing"
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
        case .malformed: "Ask for the whole file again, as it was written."
        case .version: "Update this program."
        case .author, .leaf, .head: "Do not rely on it. Ask who gave it for the file as it was written."
        case .server: "Check it without this replica, and its key with the association that it names."
        case .erased: "Use a receipt that was made before, if it may be kept."
        case .nothing: "Submit the nomination, synchronise, and ask again."
        }
    }
}
