import ChangeLog

/// Decides about one change whose chain, signature and order have been checked already.
///
/// Pure: the same change, ledger and moment give the same outcome.
struct Judge: Sendable {
    let rules: DomainRules
    let hash: HashFunction
    /// What bases of earlier epochs mean in this one.
    let epochs: EpochLineage

    /// - Parameters:
    ///   - received: first receipt, milliseconds since 1970 UTC.
    ///   - chain: the hash of the chain with the change at its end.
    ///   - isReleased: whether the secretariat released it, so that the rules' holding it is over.
    func outcome(
        of change: Change, by author: Admission.Author, received: Int64, chain: ChangeHash? = nil,
        isReleased: Bool = false, in ledger: some Ledger
    ) throws -> Admission.Outcome {
        guard let base = epochs.translated(change.envelope.base) else { return .refuse(Refusal.baseEpoch) }
        // Made on a view that the restore lost: what it builds on may still be offered again.
        let isEarly = base.position < change.envelope.base.position && !isReleased
        var change = change
        change.envelope.base = base
        if let reason = try fault(in: change.envelope, ledger) { return .refuse(reason) }
        // What else is wrong with a change tells of the records beside it, so who may not read them is
        // told no more than the rules say.
        if let person = author.person, try !rules.mayRead(person, change.envelope.audience, ledger),
            case .refuse(let reason) = try admit(change, by: author, received, chain, ledger)
        {
            return .refuse(reason)
        }
        var check = OperationCheck(
            envelope: change.envelope, author: author, schema: rules.schema, hash: hash)
        for operation in change.operations {
            if let reason = try check.fault(in: operation, ledger) {
                let isMissing = [Refusal.recordUnknown.code, Refusal.parentUnknown.code].contains(reason.code)
                return isEarly && isMissing ? .hold(Refusal.restoreMissing) : .refuse(reason)
            }
        }
        let outcome = try admit(change, by: author, received, chain, ledger)
        if isReleased, case .hold = outcome { return .accept }
        if !isReleased, case .accept = outcome, try isRevoked(author, ledger) {
            return .hold(Refusal.deviceRevoked)
        }
        return outcome
    }

    /// Whether the device was retired or lost: what comes from it since is for the secretariat to judge.
    private func isRevoked(_ author: Admission.Author, _ ledger: some Ledger) throws -> Bool {
        guard case .person(_, let device) = author else { return false }
        return try ledger.rostered(device, Roster.deviceStanding)?.text != Roster.active
    }

    private func admit(
        _ change: Change, by author: Admission.Author, _ received: Int64, _ chain: ChangeHash?,
        _ ledger: some Ledger
    ) throws -> Admission.Outcome {
        let admission = Admission(
            author: author, envelope: change.envelope, operations: change.operations,
            receivedMilliseconds: received, hash: chain)
        do {
            return try rules.admit(admission, ledger)
        } catch let reason as Reason {
            return .refuse(reason)
        }
    }

    private func fault(in envelope: Envelope, _ ledger: some Ledger) throws -> Reason? {
        let head = try ledger.head()
        if envelope.base.position > head { return Refusal.baseFuture(envelope.base.position, head: head) }
        return envelope.base.own < envelope.id.number ? nil : Refusal.baseOwn
    }
}

/// The structure of the operations of one change, checked one after another: a later one may touch
/// what an earlier one created.
struct OperationCheck {
    let envelope: Envelope
    let author: Admission.Author
    let schema: Schema
    let hash: HashFunction
    private var created: [RecordID: RecordKind] = [:]

    init(envelope: Envelope, author: Admission.Author, schema: Schema, hash: @escaping HashFunction) {
        self.envelope = envelope
        self.author = author
        self.schema = schema
        self.hash = hash
    }

    mutating func fault(in operation: Operation, _ ledger: some Ledger) throws -> Reason? {
        if case .create(let record, let kind, let parent, let key) = operation {
            return try fault(creating: record, kind, in: parent, under: key, ledger)
        }
        guard let kind = try kind(of: operation.record, ledger) else { return Refusal.recordUnknown }
        if isReserved(kind) { return Refusal.rosterServer }
        guard let field = operation.field else { return nil }
        if let policy = schema[kind]?[field]?.policy, !policy.allows(operation) {
            return Refusal.fieldPolicy(field, of: kind, policy)
        }
        switch operation {
        case .write(let record, _, .decided, let value):
            return try fault(deciding: field, of: record, as: .value(value), ledger)
        case .resolve(let record, _, .decided, let choice, _):
            return try fault(deciding: field, of: record, as: choice, ledger)
        case .resolve(_, _, _, .keep(let change), _):
            // A value that was refused, or that stands where the author cannot see it, is no choice.
            let lineage = try ledger.lineage(of: envelope.id.replica)
            guard let position = try ledger.position(of: change, in: envelope.audience),
                envelope.saw(change, at: position, lineage: lineage)
            else { return Refusal.resolutionCandidate(field) }
            return nil
        case .edit(let record, _, let check, _):
            let seen = try ledger.textCheck(of: field, of: record, seenBy: envelope)
            return check == seen ? nil : Refusal.textVersion(field)
        default: return nil
        }
    }

    private mutating func fault(
        creating record: RecordID, _ kind: RecordKind, in parent: RecordID?, under key: RecordKey?,
        _ ledger: some Ledger
    ) throws -> Reason? {
        if isReserved(kind) { return Refusal.rosterServer }
        // The right is judged from the key, so the key is checked before anything is looked up.
        if let key, key.record(kind: kind, hash: hash) != record { return Refusal.recordKey }
        if let parent, try self.kind(of: parent, ledger) == nil { return Refusal.parentUnknown }
        if let origin = try ledger.origin(of: record, in: envelope.audience) {
            let isSame = origin.kind == kind && origin.key == key && origin.parent == parent
            return isSame ? nil : Refusal.recordExists
        }
        if let earlier = created[record], earlier != kind { return Refusal.recordExists }
        created[record] = kind
        return nil
    }

    /// Nobody can choose the value of a decided field without having seen the one that stands.
    private func fault(
        deciding field: FieldName, of record: RecordID, as choice: Choice, _ ledger: some Ledger
    ) throws -> Reason? {
        guard let holder = try ledger.holder(of: field, of: record, in: envelope.audience) else {
            // There is nothing to keep.
            if case .keep = choice { return Refusal.fieldMoved(field, now: .null) }
            return nil
        }
        switch choice {
        case .keep(let change):
            return change == holder.change ? nil : Refusal.fieldMoved(field, now: holder.value)
        case .value(let value):
            if value == holder.value { return nil }
            let lineage = try ledger.lineage(of: envelope.id.replica)
            if envelope.saw(holder.change, at: holder.position, lineage: lineage) { return nil }
            return Refusal.fieldMoved(field, now: holder.value)
        }
    }

    private func kind(of record: RecordID, _ ledger: some Ledger) throws -> RecordKind? {
        if let kind = created[record] { return kind }
        return try ledger.origin(of: record, in: envelope.audience)?.kind
    }

    /// The engine trusts the roster's devices, so no domain can let anybody else write them.
    private func isReserved(_ kind: RecordKind) -> Bool {
        guard author != .server else { return false }
        return kind == Roster.erasure
            || envelope.audience == Roster.audience && [Roster.device, Roster.epoch].contains(kind)
    }
}

extension MergePolicy {
    /// Whether an operation merges in the way of this policy.
    fileprivate func allows(_ operation: Operation) -> Bool {
        switch operation {
        case .write(_, _, let policy, _), .resolve(_, _, let policy, _, _): writePolicy == policy
        case .insert, .take: self == .set
        case .edit, .accept: self == .text
        case .create, .remove, .restore: true
        }
    }
}
