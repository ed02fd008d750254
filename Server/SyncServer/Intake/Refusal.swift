import ChangeLog
import SyncProtocol

/// Every reason that the engine itself gives; a domain adds its own in its rules.
///
/// Codes never change their meaning. The first part says what kind of thing is wrong.
enum Refusal {
    // The whole push.

    static let replicaForeign = Reason(
        code: "replica.foreign",
        message: "These changes are of a replica that does not belong to this device.",
        remedy: "Enrol this copy as a device of its own.")
    static let replicaCopied = Reason(
        code: "replica.copied",
        message: "Another copy of this replica has already used a number of this batch for another change.",
        remedy: "Synchronise with a newer program: it goes on as a new replica; unsent edits are kept.")
    static let replicaTaken = Reason(
        code: "replica.taken",
        message: "This id cannot go on from that one: it is in use, or too low.",
        remedy: "Continue under another replica id.")
    static let replicaTooMany = Reason(
        code: "replica.tooMany",
        message: "This device has gone on under \(ContinuationLimits.replicas) replica ids already.",
        remedy: "Enrol in another folder, and keep this one: what was not sent stays in it.")
    static let chainUnsigned = Reason(
        code: "chain.unsigned", message: "A chain of this batch has no valid signature of the device.",
        remedy: "Send the batch again; if it keeps failing, report it with this message.")
    static let chainBroken = Reason(
        code: "chain.broken",
        message: "A change does not name the hash of the change before it in its chain.",
        remedy: "Send the batch again; if it keeps failing, report it with this message.")
    static let chainTooLong = Reason(
        code: "chain.tooLong",
        message: "Too many changes of this replica were refused one after another in this audience.",
        remedy: "Enrol in another folder, and keep this one: what was not sent stays in it.")
    static let queueFull = Reason(
        code: "queue.full",
        message:
            "\(IntakeLimits.waitingChanges) changes of this replica, or \(IntakeLimits.waitingBytes >> 20) "
            + "MiB of them, are waiting already.",
        remedy: "Wait until the secretariat has dealt with what is held; nothing is lost.")

    // The device and its conversation.

    static let deviceUnknown = Reason(
        code: "device.unknown", message: "This device is not enrolled here.",
        remedy: "Get an invitation, and enrol it in the same folder: what is there is kept.")
    static let deviceRetired = Reason(
        code: "device.retired", message: "This device was retired; it may hand in what it has not sent.",
        remedy: "Synchronise once more; then use another device.")
    static let deviceClosed = Reason(
        code: "device.closed", message: "This device was retired, and has handed in what it had.",
        remedy: "Use another device, or ask the secretariat for an invitation.")
    static let deviceLost = Reason(
        code: "device.lost", message: "This device was reported as lost.",
        remedy: "Ask the secretariat for an invitation for a new device.")
    static let remembered = Reason(
        code: "restore.remembered",
        message: "The server wrote this before it was restored; what it took away holds again.",
        remedy: "Nothing is to be done.")
    static let epochChanged = Reason(
        code: "epoch.changed", message: "The server was restored, and its order begins anew.",
        remedy: "Rebuild this replica from the server; its own edits are kept and offered again.")
    static func cursorFuture(_ head: Position) -> Reason {
        Reason(
            code: "cursor.future",
            message: "This replica claims to hold more than the server has: its newest position is \(head).",
            remedy: "Report this: the server may have been put back to an earlier state.")
    }

    // Bundles.

    static let bundleMalformed = Reason(
        code: "bundle.malformed", message: "This is no bundle.",
        remedy: "Give a file that `voordracht bundle export` has written.")
    static let bundleVersion = Reason(
        code: "bundle.version", message: "The bundle is of another version of its form.",
        remedy: "Update the older of the two programs, and export it again.")
    static let bundleForeign = Reason(
        code: "bundle.foreign", message: "The bundle is for the server of another association.",
        remedy: "Import it where it belongs; nothing of it was read.")
    static let bundleAltered = Reason(
        code: "bundle.altered", message: "The bundle was cut off or altered.",
        remedy: "Copy the whole file again, or have it exported again; nothing of it was taken over.")
    static let bundleAuthor = Reason(
        code: "bundle.author",
        message: "The device that wrote the bundle is not enrolled here, or has no rights any more.",
        remedy: "Ask the secretariat; the edits are kept on that device.")
    static let bundleCopied = Reason(
        code: "bundle.copied",
        message: "Another copy of the replica that wrote the bundle has used its numbers already.",
        remedy: "Synchronise the device that wrote it: nothing that was recorded there is lost.")

    // Receipts.

    static let receiptUnknown = Reason(
        code: "receipt.unknown", message: "There is no receipt of this change for this device.",
        remedy:
            "Synchronise, and ask again; if it stays, the change was not received or is not yours to read.")

    // Enrolment.

    static let enrolmentPerson = Reason(
        code: "enrolment.person", message: "There is no such person.", remedy: "Add the person first.")
    static let enrolmentUnknown = Reason(
        code: "enrolment.unknown", message: "This invitation is not known here.",
        remedy: "Check that the whole link was copied, or ask for a new one.")
    static let enrolmentUsed = Reason(
        code: "enrolment.used", message: "This invitation was used already by another device.",
        remedy: "Ask for a new one; if you did not use it yourself, tell the secretariat.")
    static let enrolmentExpired = Reason(
        code: "enrolment.expired", message: "This invitation has expired.", remedy: "Ask for a new one.")
    static let enrolmentDevice = Reason(
        code: "enrolment.device", message: "This key is that of an enrolled device already.",
        remedy: "Enrol with a new key.")
    static let enrolmentReplica = Reason(
        code: "enrolment.replica", message: "This replica id is in use already.",
        remedy: "Enrol with a new replica id.")
    static let enrolmentName = Reason(
        code: "enrolment.name", message: "A device has a name of 1 to 200 bytes.",
        remedy: "Choose another name.")

    // The base.

    static let baseEpoch = Reason(
        code: "base.epoch", message: "The change was made on a view of another epoch of this server.",
        remedy: "Synchronise, and make the edit again on the current view.")
    static func baseFuture(_ base: Position, head: Position) -> Reason {
        Reason(
            code: "base.future",
            message: "The change claims to have seen position \(base); the newest is \(head).",
            remedy: "Make the edit again on the current view.")
    }
    static let baseOwn = Reason(
        code: "base.own", message: "The change claims to have seen a later change of its own replica.",
        remedy: "Make the edit again on the current view.")

    // The change.

    static let withdrawn = Reason(
        code: "change.withdrawn", message: "The author no longer has the contents of this change.",
        remedy: "Nothing; later changes go on.")
    static let changeTooLarge = Reason(
        code: "change.tooLarge", message: "The change is larger than \(Limits.changeBytes) bytes.",
        remedy: "Split it into smaller ones.")
    static func unreadable(_ error: ChangeLogError) -> Reason {
        Reason(
            code: "change.malformed", message: "The change breaks the format: \(error.message).",
            remedy: error.remedy)
    }
    static func declined(_ why: String) -> Reason {
        Reason(
            code: "change.declined", message: why.isEmpty ? "The secretariat declined this change." : why,
            remedy: "Read the reason, edit it in the tray, and send it again if it may stand.")
    }
    static let notHeld = Reason(
        code: "change.notHeld", message: "This change is not held.",
        remedy: "List what is held, and name one of those.")

    static let restoreMissing = Reason(
        code: "restore.missing",
        message: "The server was restored, and what this change builds on has not been offered again yet.",
        remedy:
            "Wait until its author synchronises; after 30 days it goes to the tray, and the secretariat can decline it."
    )

    static let restoreLost = Reason(
        code: "restore.lost",
        message: "The server was restored, and what this change builds on was not offered again in "
            + "\(IntakeLimits.missingDays) days.",
        remedy: "See in the tray what it says, and write it anew where it still matters.")

    static let handedIn = Reason(
        code: "change.handedIn",
        message: "This lay in the tray of a device that went out of use, which has handed it in.",
        remedy: "Read what it says, and write it anew where it still matters.")

    static let deviceRevoked = Reason(
        code: "change.deviceRevoked", message: "The device that this change comes from was revoked before.",
        remedy: "Nothing is lost: the secretariat decides about it.")

    // Groups.

    static let groupMember = Reason(
        code: "group.member", message: "Another change of the same action was refused, so this one is too.",
        remedy: "See the reason at the other change.")
    static let groupBroken = Reason(
        code: "group.broken", message: "The changes of one action do not fit each other.",
        remedy: "Do the action again.")
    static let groupTooLarge = Reason(
        code: "group.tooLarge", message: "The changes of one action are together too large for one frame.",
        remedy: "Split the action into smaller ones.")

    // Records and fields.

    static let recordKey = Reason(
        code: "record.key", message: "The id of the new record is not the hash of its key.",
        remedy: "Update the program that made it.")
    static let recordExists = Reason(
        code: "record.exists", message: "There is another record with this id in the audience.",
        remedy: "Create the record again; it gets an id of its own.")
    static let recordUnknown = Reason(
        code: "record.unknown", message: "The record that this changes does not exist in the audience.",
        remedy: "See whether the change that creates it was refused.")
    static let parentUnknown = Reason(
        code: "record.parent", message: "What should contain the new record does not exist in the audience.",
        remedy: "See whether the change that creates it was refused.")
    static let rosterServer = Reason(
        code: "roster.server", message: "Only the server writes records of devices.",
        remedy: "Ask the secretariat.")
    static func fieldPolicy(_ field: FieldName, of kind: RecordKind, _ policy: MergePolicy) -> Reason {
        Reason(
            code: "field.policy", message: "The field \(field) of \(kind) merges as \(policy.rawValue).",
            remedy: "Update the program that made the change.")
    }
    static func fieldMoved(_ field: FieldName, now value: Value) -> Reason {
        Reason(
            code: "field.moved",
            message: "The field \(field) was decided anew meanwhile: it is \(value.summary) now.",
            remedy: "Look at the new value, and decide again if it should be another.")
    }
    static func resolutionCandidate(_ field: FieldName) -> Reason {
        Reason(
            code: "resolution.candidate",
            message: "The value of \(field) that was to be kept was refused, or its author had not seen it.",
            remedy: "Look at the conflict again, and keep another value or write it anew.")
    }
    static func textVersion(_ field: FieldName) -> Reason {
        Reason(
            code: "text.version",
            message: "The text of \(field) has another version here than the one that was edited.",
            remedy: "Send it again from the tray, as the difference that it makes on the current text.")
    }
}

/// Bounds of the intake.
enum IntakeLimits {
    /// How long a change waits for what a restore lost, days.
    static let missingDays: Int64 = 30
    /// Changes of one replica that may wait for another.
    static let waitingChanges = 10_000
    /// What those of one replica may take together, bytes in canonical form.
    static let waitingBytes = 64 << 20
    /// Changes without a position that may stand in a chain one after another: readers need a link for each.
    static let withheldRun = ProtocolLimits.links - ProtocolLimits.batchEntries
}

extension Value {
    /// A few words for a message.
    var summary: String {
        switch self {
        case .null: "empty"
        case .boolean(let truth): truth ? "true" : "false"
        case .integer(let number): String(number)
        case .text(let text): "“\(String(text.unicodeScalars.prefix(80)))”"
        case .date(let days): "day \(days) since 1970-01-01"
        case .instant(let milliseconds): "\(milliseconds) ms since 1970 UTC"
        case .record(let record): "record \(record)"
        case .bytes(let bytes): "\(bytes.count) bytes"
        case .list(let values): "a list of \(values.count)"
        case .unknown: "a value of a newer version"
        }
    }
}
