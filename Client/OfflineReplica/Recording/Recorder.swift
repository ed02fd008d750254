import ChangeLog
import GRDB
import Merging

/// Turns drafts into changes, inside one write transaction.
struct Recorder {
    let db: Database
    let identity: ReplicaIdentity
    let rules: DomainRules
    let environment: ReplicaEnvironment

    /// Records one action: one change for each draft with something to do; several are a group.
    ///
    /// - Parameters:
    ///   - view: what the screen showed.
    ///   - reader: one of this transaction, for what it has folded already.
    /// - Throws: `Reason` when the view, the rules or a limit forbid it; then nothing may be committed.
    func record(
        _ drafts: [Draft], on view: View?, reading reader: ReplicaReader? = nil
    ) throws -> [ChangeID] {
        var state = try ReplicaState.load(db)
        let view = try view.map { try current($0, drafts, state) } ?? state.view
        try check(view, state)
        for draft in drafts { try checkArrived(draft.audience, state) }
        try checkCounted(drafts, view)
        let base = try base(of: drafts, view)
        let prepared = try drafts.map { try prepare($0, base, view) }.filter { !$0.operations.isEmpty }
        guard prepared.count <= Limits.groupChanges else {
            throw Reason(
                code: "group.tooLarge",
                message: "One action would make \(prepared.count) changes; at most "
                    + "\(Limits.groupChanges) are allowed.",
                remedy: "Divide it over several actions.")
        }
        var changes: [ChangeID] = []
        var bytes = 0
        for (index, draft) in prepared.enumerated() {
            state.number += 1
            state.clock = state.clock.next(wallMilliseconds: environment.nowMilliseconds())
            let id = ChangeID(replica: identity.replica, number: state.number)
            let envelope = Envelope(
                id: id, base: base, time: state.clock, audience: draft.audience,
                group: prepared.count < 2
                    ? nil : ChangeGroup(index: UInt8(index), count: UInt8(prepared.count)),
                schema: rules.schema.version)
            // What an earlier change of the group did is read anew.
            let reader =
                (changes.isEmpty ? reader : nil) ?? ReplicaReader(db: db, identity: identity, rules: rules)
            try admit(envelope, draft.operations, state, reader)
            bytes += try append(envelope, draft.operations)
            guard bytes <= Limits.changeBytes else { throw tooLarge(bytes, draft.operations.count) }
            changes.append(id)
        }
        if !changes.isEmpty {
            state.version += 1
            try state.save(db)
        }
        return changes
    }

    /// A draft whose texts have become operations on the version that the view showed.
    private struct Prepared {
        let audience: AudienceID
        let operations: [Operation]
    }

    private func prepare(_ draft: Draft, _ base: Base, _ view: View) throws -> Prepared {
        let shown = try isWhole(draft.audience, in: view) ? view.cursor : .origin
        var texts = DraftedTexts(
            log: LogTable(db: db), audience: draft.audience, base: base, shown: shown,
            replica: identity.replica)
        let operations = try draft.operations.compactMap { step -> Operation? in
            switch step {
            case .operation(let operation): operation
            case .text(let record, let field, let new): try texts.difference(record, field, to: new)
            case .edits(let record, let field, let edits): try texts.edit(record, field, edits)
            }
        }
        return Prepared(audience: draft.audience, operations: operations)
    }

    /// What the author has seen; one for the whole action. Of an audience that the view did not hold
    /// whole it held nothing for certain: then the position is 0.
    private func base(of drafts: [Draft], _ view: View) throws -> Base {
        let areWhole = try drafts.allSatisfy { try isWhole($0.audience, in: view) }
        return Base(epoch: view.epoch, position: areWhole ? view.cursor : .origin, own: view.own)
    }

    private func isWhole(_ audience: AudienceID, in view: View) throws -> Bool {
        try AudienceTable(db: db).wholeAt(audience).map { $0 <= view.cursor } ?? false
    }

    /// An audience that was revoked and is granted again shows own earlier edits only once it is whole: a base
    /// would name them as seen all the same, since one number stands for all of a replica's own. Whoever may not read
    /// it any more waits in vain, and is told what the rules say. The same goes for those that a restored server lost as
    /// long as their numbers count, and for those whose numbers count no more as long as they have no position.
    private func checkArrived(_ audience: AudienceID, _ state: ReplicaState) throws {
        let isWhole = try AudienceTable(db: db).wholeAt(audience) != nil
        let numbers = try CountedNumbers(db)
        let isMissing =
            try !isWhole && LogTable(db: db).hidesOwn(in: audience)
            || numbers.includesLost(in: audience) || numbers.excludesShown(in: audience, on: state.view)
        let facts = ReplicaReader(db: db, identity: identity, rules: rules)
        guard isMissing, try rules.mayRead(identity.person, audience, facts) else { return }
        throw Reason(
            code: "audience.arriving",
            message: "What was in \(audience) before has not come back yet.",
            remedy: "Synchronise first, and make the edit then.")
    }

    /// A form that was opened before numbers ceased to count shows what its base does not name: a text would be told
    /// on another version than it shows.
    private func checkCounted(_ drafts: [Draft], _ view: View) throws {
        let numbers = try CountedNumbers(db)
        for draft in drafts where draft.writesText {
            guard try numbers.excludesShown(in: draft.audience, on: view) else { continue }
            throw Self.isOfBefore
        }
    }

    private static let isOfBefore = Reason(
        code: "base.epoch", message: "The view was made before the server was restored.",
        remedy: "Open it again, and make the edit there.")

    /// The view in the positions of the epoch in force: of what a restored server lost it showed nothing.
    ///
    /// Of a text that is not enough. How it reads says nothing about who wrote it, and what was lost and comes back
    /// would stand there twice.
    private func current(_ view: View, _ drafts: [Draft], _ state: ReplicaState) throws -> View {
        guard view.epoch != state.epoch else { return view }
        let base = Base(epoch: view.epoch, position: view.cursor, own: view.own)
        let now = try EpochTable(db: db).lineage().translated(base)
        guard let now, now.position == view.cursor || !drafts.contains(where: \.writesText) else {
            throw Self.isOfBefore
        }
        return View(epoch: now.epoch, cursor: now.position, own: now.own)
    }

    private func check(_ view: View, _ state: ReplicaState) throws {
        guard view.cursor <= state.cursor, view.own <= state.number else {
            throw Reason(
                code: "base.future",
                message: "The view \(view) is newer than this replica, which stands at \(state.view).",
                remedy: "Name the view that the edit was made on.")
        }
    }

    private func admit(
        _ envelope: Envelope, _ operations: [Operation], _ state: ReplicaState, _ reader: ReplicaReader
    ) throws {
        try StructureCheck(reader: reader).check(operations, in: envelope.audience)
        let admission = Admission(
            author: .person(identity.person, device: identity.device), envelope: envelope,
            operations: operations,
            receivedMilliseconds: state.serverMilliseconds(at: environment.nowMilliseconds()))
        switch try rules.admit(admission, reader) {
        case .accept, .hold: break
        case .refuse(let reason): throw reason
        }
    }

    /// Returns the size of the change in bytes.
    private func append(_ envelope: Envelope, _ operations: [Operation]) throws -> Int {
        let change = Change(
            envelope: envelope, salt: .seed(try seed(of: envelope.audience)), operations: operations)
        let bytes = change.canonicalBytes
        guard bytes.count <= Limits.changeBytes, operations.count <= Limits.operations else {
            throw tooLarge(bytes.count, operations.count)
        }
        try checkForm(change, bytes)
        let chains = ChainTable(db: db)
        let previous = try chains.hash(identity.replica, envelope.audience) ?? .zero
        let inner = Chain.inner(
            envelope, commitment: Chain.commitment(of: change, hash: ChangeHash.sha256),
            hash: ChangeHash.sha256)
        let isNew = try LogTable(db: db).insert(
            LogTable.Entry(
                envelope: envelope, change: change, canonicalBytes: bytes, state: .queued, inner: inner,
                previous: previous), in: AudienceTable(db: db).number(of: envelope.audience))
        guard isNew else { throw ReplicaError(.corrupt, "change \(envelope.id) is in the log already") }
        let hash = Chain.link(previous: previous, inner: inner, hash: ChangeHash.sha256)
        try chains.set(hash, identity.replica, envelope.audience)
        let touched = LogTable.records(of: change).map {
            RecordAddress(audience: envelope.audience, record: $0)
        }
        try ReadModel(db: db, schema: rules.schema).refresh(Set(touched))
        return bytes.count
    }

    /// What could not be read again would make everything after it unreadable.
    private func checkForm(_ change: Change, _ bytes: [UInt8]) throws {
        do {
            if try Change(canonicalBytes: bytes) == change { return }
            throw ChangeLogError(.malformed, "it reads back as another edit")
        } catch let error as ChangeLogError where error.code == .tooLarge {
            throw Reason(
                code: "text.tooLarge", message: "The text is longer than 1 MiB.",
                remedy: "Shorten it, or divide it over several records.")
        } catch {
            throw Reason(
                code: "change.malformed", message: "The edit cannot be written down: \(error).",
                remedy: "Make it in smaller steps; if that does not help, report it with this message.")
        }
    }

    private func tooLarge(_ bytes: Int, _ operations: Int) -> Reason {
        Reason(
            code: "change.tooLarge",
            message: "The edit takes \(bytes) bytes in \(operations) operations; at most "
                + "\(Limits.changeBytes) in \(Limits.operations) are allowed.",
            remedy: "Divide it over several edits.")
    }

    /// The seed of the audience's salts: one until it goes out with a push.
    private func seed(of audience: AudienceID) throws -> Identifier128 {
        let row = try Row.fetchOne(
            try db.cachedStatement(sql: "SELECT seed FROM seed WHERE audience = ?"),
            arguments: [audience.name])
        if let row { return try row.identifier("seed") }
        guard let seed = Identifier128(bytes: environment.randomBytes(16)) else {
            preconditionFailure("the environment gives as many bytes as it is asked for")
        }
        try db.execute(
            sql: "INSERT INTO seed (audience, seed) VALUES (?, ?)", arguments: [audience.name, seed.data])
        return seed
    }
}

extension Draft {
    /// Whether it says how a text shall read.
    fileprivate var writesText: Bool {
        operations.contains { step in
            switch step {
            case .text, .edits: true
            case .operation: false
            }
        }
    }
}
