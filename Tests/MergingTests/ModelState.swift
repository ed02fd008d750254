/// What a person of the model sits down to do.
enum Intent {
    /// Writes a value, whatever the form shows.
    case write
    /// Settles the dispute that the form shows by keeping what is shown; without one, writes.
    case resolve
    /// Removes the record; if the form shows its removal in dispute, for good.
    case remove
    /// Brings the record back if the form shows it removed or in dispute; otherwise writes.
    case revive
    /// Writes in two audiences in one action.
    case group
}

/// What the model explores: who does what, and how much may go wrong.
struct Scenario {
    var name: String
    /// By replica.
    var intents: [[Intent]]
    var holds: UInt8 = 0
    var refusals: UInt8 = 0
    var retries: UInt8 = 0
    /// Whether a verdict may reach its author later than the server gives it.
    var verdictsMayBeLost = false
    /// A replica that is given the audience only on the way.
    var granted: Int?
    /// Whether the form may stay open while other things happen.
    var formsMayGoStale = true
}

/// Mistakes that the model must notice, one at a time.
enum Fault: CaseIterable {
    /// Effective times by order of arrival at each replica.
    case tieBreakByArrival
    /// The base is what the replica holds when the edit is saved, not what the form showed.
    case baseAtRecording
    /// A resolution replaces everything that it meets at the merge.
    case resolutionReplacesUnseen
    /// While a grant arrives, edits are based on the cursor.
    case grantBasedOnCursor
    /// A resolution names a candidate that has not been accepted, instead of repeating its value.
    case keepsWhatIsPending
}

enum Act: UInt8 {
    case write, resolve, remove, restore
}

enum Status: UInt8 {
    case local, accepted, held, waiting, tray
    /// From the tray, as another change.
    case resent
}

/// Of replica `slot / Model.slotsPerReplica`, number `slot % Model.slotsPerReplica + 1`.
struct ModelChange {
    var act: Act
    var audience: UInt8 = 0
    var basePosition: UInt8
    var baseOwn: UInt8
    var kept: UInt8 = 255
    /// What a resolution keeps: the number of the first attempt to write it.
    var keptValue: UInt8 = 255
    var namesKept = false
    var settling: UInt16 = 0
    var status = Status.local
    var position: UInt8 = 0
    /// Whether the author knows that it was refused.
    var isTold = false
    /// Whether the next slot (1) or the one before (2) is the other half of its group.
    var half: UInt8 = 0
    /// The change of the tray that it is; itself for a first attempt.
    var origin: UInt8
    /// The oracle: what was in the view, what of it was readable on the screen, and whether that was
    /// shown as disputed.
    var viewed: UInt16
    var onScreen: UInt16
    var wasDisputed: Bool
}

/// What a form that is open showed when it was opened.
struct Form {
    var basePosition: UInt8
    var baseOwn: UInt8
    var viewed: UInt16
    var screen: Screen
}

/// What could be read on a screen, and what a button under it would do.
struct Screen {
    var onScreen: UInt16 = 0
    var isFieldDisputed = false
    var isRecordDisputed = false
    var isRemoved = false
    var shown: UInt8 = 255
    var shownValue: UInt8 = 255
    var isShownPending = false
    var fieldSettling: UInt16 = 0
    var recordSettling: UInt16 = 0
}

struct ModelReplica {
    var cursor: UInt8 = 0
    var hasGrant = true
    var nextIntent: UInt8 = 0
    var form: Form?
}

/// A whole small world: a server, its order, and three replicas.
struct ModelState {
    var slots: [ModelChange?]
    var replicas: [ModelReplica]
    /// The slot at each position, from 1.
    var order: [UInt8] = []
    var holds: UInt8
    var refusals: UInt8
    var retries: UInt8

    static let slotsPerReplica = 5

    init(_ scenario: Scenario) {
        slots = Array(repeating: nil, count: 3 * Self.slotsPerReplica)
        replicas = Array(repeating: ModelReplica(), count: 3)
        if let late = scenario.granted { replicas[late].hasGrant = false }
        holds = scenario.holds
        refusals = scenario.refusals
        retries = scenario.retries
    }

    func slots(of replica: Int) -> Range<Int> {
        replica * Self.slotsPerReplica..<(replica + 1) * Self.slotsPerReplica
    }

    /// How many numbers a replica has used.
    func numbered(_ replica: Int) -> UInt8 {
        UInt8(slots(of: replica).filter { slots[$0] != nil }.count)
    }

    /// The changes in a replica's view: what it holds of the order, and its own.
    func view(of replica: Int) -> UInt16 {
        var view: UInt16 = 0
        for slot in slots.indices {
            guard let change = slots[slot] else { continue }
            let isOwn = slots(of: replica).contains(slot)
            let isDelivered =
                change.status == .accepted && change.position <= replicas[replica].cursor
                && replicas[replica].hasGrant
            let isStanding = change.status != .resent && !(change.status == .tray && change.isTold)
            if isDelivered || isOwn && isStanding { view |= 1 << UInt16(slot) }
        }
        return view
    }

    /// Equal for equal states.
    var key: [UInt8] {
        var key: [UInt8] = [holds, refusals, retries]
        key.reserveCapacity(160)
        for replica in replicas {
            key += [replica.cursor, replica.hasGrant ? 1 : 0, replica.nextIntent]
            guard let form = replica.form else {
                key.append(255)
                continue
            }
            key += [form.basePosition, form.baseOwn, UInt8(form.viewed & 255), UInt8(form.viewed >> 8)]
            key += [UInt8(form.screen.onScreen & 255), UInt8(form.screen.onScreen >> 8), form.screen.shown]
            key += [form.screen.shownValue, form.screen.isShownPending ? 1 : 0]
        }
        for slot in slots.indices {
            guard let change = slots[slot] else { continue }
            key.append(UInt8(slot))
            key += change.bytes
        }
        return key
    }
}

extension ModelChange {
    /// What it writes: the number of the first attempt.
    var value: UInt8 { act == .resolve ? keptValue : origin }

    var bytes: [UInt8] {
        folded + [
            status.rawValue, isTold ? 1 : 0, half, UInt8(viewed & 255), UInt8(viewed >> 8),
            UInt8(onScreen & 255), UInt8(onScreen >> 8), wasDisputed ? 1 : 0,
        ]
    }

    /// What the fold is told of it; nothing of the oracle's.
    var folded: [UInt8] {
        [
            act.rawValue, audience, basePosition, baseOwn, kept, UInt8(settling & 255),
            UInt8(settling >> 8), position, origin, keptValue, namesKept ? 1 : 0,
        ]
    }
}
