/// Every way in which running a server fails, with its English words.
public enum AdministrationFailure: String, Hashable, Sendable, CaseIterable {
    // The folder.
    case folderMissing = "folder.missing"
    case folderTaken = "folder.taken"
    case folderBusy = "folder.busy"
    case folderUnusable = "folder.unusable"
    case folderDamaged = "folder.damaged"
    // What an administrator names.
    case recordUnknown = "record.notFound"
    case recordAmbiguous = "record.ambiguous"
    case changeUnknown = "change.unknown"
    case taskUnknown = "task.unknown"
    case validityOutOfRange = "validity.range"
    case changeNotAccepted = "change.notAccepted"
    // Requests over HTTP.
    case certificateMissing = "certificate.missing"
    case routeUnknown = "route.unknown"
    case methodNotAllowed = "method.notAllowed"
    case bodyMalformed = "body.malformed"
    case bodyTooLarge = "body.tooLarge"
    case notReady = "server.notReady"
    case listening = "server.listening"
    case connectionLost = "server.connectionLost"
    case failed = "server.failure"

    func message(_ subject: String) -> String {
        switch self {
        case .folderMissing: "There is no server in \(subject)"
        case .folderTaken: "\(subject) is not an empty folder"
        case .folderBusy: "Another program, such as a running server, has \(subject)"
        case .folderUnusable: "A file cannot be used: \(subject)"
        case .folderDamaged: "A file does not say what it should: \(subject)"
        case .recordUnknown: "Nothing here is called “\(subject)”"
        case .recordAmbiguous: "“\(subject)” means more than one"
        case .changeUnknown: "No held change is called “\(subject)”"
        case .taskUnknown: "The running server does not know the task “\(subject)”"
        case .validityOutOfRange: "A link is valid for 1 to 365 days, not \(subject)"
        case .changeNotAccepted: "The server did not accept its own change: \(subject)"
        case .certificateMissing: "This address needs the certificate of an enrolled device"
        case .routeUnknown: "There is nothing at \(subject)"
        case .methodNotAllowed: "\(subject) is not possible here"
        case .bodyMalformed: "The request cannot be read: \(subject)"
        case .bodyTooLarge: "The request is larger than \(subject)"
        case .notReady: "The server is starting or stopping"
        case .listening: "Cannot listen on \(subject)"
        case .connectionLost: "The running server stopped while it was asked"
        case .failed: "The server failed: \(subject)"
        }
    }

    var remedy: String {
        switch self {
        case .folderMissing: "Check --data, or make one with `voordracht-server init`."
        case .folderTaken: "Give another folder, or use the server that is there."
        case .folderBusy: "Wait until it is done, or stop it."
        case .folderUnusable: "Check the owner and the rights of the folder, and the space on the disk."
        case .folderDamaged: "Put the file back from a backup."
        case .recordUnknown: "Look it up with the `list` command."
        case .recordAmbiguous: "Give the id of the one that is meant."
        case .changeUnknown: "Look it up with `voordracht-server held`."
        case .taskUnknown: "Restart the server with the version of this program."
        case .validityOutOfRange: "Give another number of days."
        case .changeNotAccepted: "Read the reason; nothing was changed."
        case .certificateMissing: "Enrol the device with the link from the invitation."
        case .routeUnknown, .methodNotAllowed: "See PROTOCOL.md for what there is."
        case .bodyMalformed: "The other side has a fault: report it with this message."
        case .bodyTooLarge: "Send less at a time."
        case .notReady, .connectionLost: "Try again in a moment."
        case .listening: "Choose another address or port with --listen."
        case .failed: "Look in the server's log, and try again."
        }
    }
}
