public import ChangeLog

/// Why a replica cannot do what it was asked; what a person's edit may not do is a `Reason` instead.
public struct ReplicaError: CodedError, Sendable {
    /// What went wrong, for programs.
    public enum Code: String, Sendable, CaseIterable {
        /// The folder holds no replica.
        case notEnrolled = "replica.notEnrolled"
        /// The folder holds what an enrolment left that was cut short, or a database that was emptied.
        case unfinished = "replica.unfinished"
        /// The folder holds a replica already.
        case exists = "replica.exists"
        /// The folder or its database cannot be written.
        case notWritable = "replica.notWritable"
        /// The database, a key or a certificate cannot be read as such.
        case corrupt = "replica.corrupt"
        /// The database was written by a newer program.
        case newerVersion = "replica.newerVersion"
        /// The disk is full.
        case diskFull = "replica.diskFull"
        /// Another process has been writing for longer than ten seconds.
        case busy = "replica.busy"
        /// The database or the disk refused something else.
        case storage = "replica.storage"
        /// What was delivered breaks a chain, or its signature is not its author's.
        case evidence = "replica.evidence"
        /// What was delivered does not follow what is here.
        case outOfOrder = "replica.outOfOrder"
        /// The server knows changes of this replica that this copy does not have.
        case copied = "replica.copied"
        /// The server has begun a new lineage of positions.
        case epoch = "replica.epoch"
        /// What is here and what the server has differ, and fetching it anew did not help.
        case diverged = "replica.diverged"
        /// A file that the server named is another one than its name says; what it was to bring came otherwise.
        case segment = "segment.damaged"
        /// The server's tree has fewer leaves than it had.
        case treeShorter = "tree.shorter"
        /// The server has signed two trees of one size.
        case treeSplit = "tree.split"
        /// The server's tree does not begin with what it was.
        case treeRewritten = "tree.rewritten"
        /// The head of the server's tree is not signed by the server.
        case treeUnsigned = "tree.unsigned"
        /// There is no such entry in the tray.
        case noTrayEntry = "tray.unknown"
        /// The server holds a change of this entry, and may still let it in: sent again it would come twice.
        case undecided = "tray.undecided"
    }

    public let code: Code
    /// What is wrong and where, in English.
    public let message: String
    /// The file or the folder that it is about; empty where it is about none.
    public let place: String
    /// What to do about it, in English.
    public let remedy: String
    /// The error behind this one, in its own words.
    public let cause: String?

    public init(
        _ code: Code, _ message: String, at place: String = "", remedy: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.remedy = remedy ?? Self.remedy(for: code)
        self.cause = cause.map { "\($0)" }
    }

    private static func remedy(for code: Code) -> String {
        switch code {
        case .notEnrolled: "Enrol this device with the link from your invitation."
        case .unfinished:
            "Enrol with the same link again; if it was in use already, enrol in another folder and keep this one."
        case .exists: "Use another folder, or the replica that is there."
        case .notWritable: "Give the user of this program the right to write there."
        case .corrupt: "Keep a copy of the folder, and enrol the device again in another one."
        case .newerVersion: "Update this program."
        case .diskFull: "Free space on the disk; nothing that was recorded is lost."
        case .busy: "Try again when that one is done."
        case .storage: "Try again; if it stays, look at the disk."
        case .treeShorter, .treeSplit, .treeRewritten:
            "Nothing was sent or taken over, and nothing is lost. Keep this folder, and report it with this message, "
                + "which tells the server's administrator how to go on."
        case .evidence, .outOfOrder, .treeUnsigned:
            "Nothing was taken over. Report it to the secretariat with this message."
        case .copied: "Synchronise again: this copy goes on as a replica of its own, and nothing is lost."
        case .diverged:
            "Keep this folder, and report it to the secretariat with this message."
        case .segment: "Nothing is missing. If it comes back, report it to the secretariat with this message."
        case .epoch:
            "Nothing was taken over. Tell the secretariat: another server answers than the restored one."
        case .undecided: "Synchronise, or ask the secretariat to release or decline it."
        case .noTrayEntry: "List the tray for what is in it."
        }
    }
}
