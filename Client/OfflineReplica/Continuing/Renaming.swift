import ChangeLog

/// What becomes of own changes that go on under another replica id: their ids, and all that names them.
///
/// Numbers stay, so that bases go on meaning what they meant. Where the continued replica has used one of them, all get
/// numbers behind all others, in their order: a chain has rising numbers.
struct Renaming {
    /// The highest number that was given.
    private(set) var newest: UInt64
    private let replica: ReplicaID
    private let old: ReplicaID
    private var numbers: [UInt64: UInt64] = [:]
    /// The edits of texts among them: what later ones were made on.
    private var edits: [Text: [UInt64]] = [:]
    /// Those that lie in the tray: no text in view was made on them.
    private let tray: Set<UInt64>

    private struct Text: Hashable {
        let audience: AudienceID
        let record: RecordID
        let field: FieldName
    }

    init(rows: [LoggedRow], continuation: Continuation, newest: UInt64) {
        replica = continuation.replica
        old = continuation.continued.replica
        self.newest = newest
        tray = Set(rows.filter { $0.state == .refused }.map(\.changeID.number))
        let areFree = rows.allSatisfy { $0.changeID.number > continuation.continued.number }
        for number in rows.map(\.changeID.number) {
            if !areFree { self.newest += 1 }
            numbers[number] = areFree ? number : self.newest
        }
        for row in rows {
            for case .edit(let record, let field, _, _) in row.change?.operations ?? [] {
                let text = Text(audience: row.audience, record: record, field: field)
                let number = row.changeID.number
                if edits[text]?.last != number { edits[text, default: []].append(number) }
            }
        }
    }

    /// The number that another one has become.
    func number(_ number: UInt64) -> UInt64 { numbers[number] ?? number }

    /// The salt is new, since those of before are those of the other copy's changes too, and follows from the
    /// old one, which nobody was told: another copy with the same change makes the same of it.
    func renamed(_ change: Change, isInTray: Bool) -> Change {
        let salt = Chain.salt(of: change, hash: ChangeHash.sha256)?.bytes ?? []
        let seed = ChangeHash.sha256([0x13] + salt + replica.bytes).prefix128
        var envelope = change.envelope
        envelope.id = self.change(envelope.id)
        return Change(
            envelope: envelope, salt: .seed(seed),
            operations: change.operations.map { renamed($0, in: change.envelope, isInTray: isInTray) })
    }

    private func change(_ id: ChangeID) -> ChangeID {
        guard id.replica == old, let number = numbers[id.number] else { return id }
        return ChangeID(replica: replica, number: number)
    }

    private func changes(_ ids: [ChangeID]) -> [ChangeID] { ids.map { change($0) }.sorted() }

    private func renamed(_ operation: Operation, in envelope: Envelope, isInTray: Bool) -> Operation {
        switch operation {
        case .remove(let record, let settling): .remove(record, settling: changes(settling))
        case .restore(let record, let settling): .restore(record, settling: changes(settling))
        case .resolve(let record, let field, let policy, .keep(let kept), let settling):
            .resolve(record, field, policy, .keep(change(kept)), settling: changes(settling))
        case .resolve(let record, let field, let policy, .value(let value), let settling):
            .resolve(record, field, policy, .value(value), settling: changes(settling))
        case .accept(let record, let field, let settling):
            .accept(record, field, settling: changes(settling))
        case .edit(let record, let field, let check, let edits):
            .edit(
                record, field,
                check: renamed(
                    check, of: Text(audience: envelope.audience, record: record, field: field), in: envelope,
                    isInTray: isInTray), edits)
        case .create, .write, .insert, .take: operation
        }
    }

    /// The same version under the new ids. Where a number moved, the version is another one, which the
    /// server finds out.
    private func renamed(
        _ check: TextCheck, of text: Text, in envelope: Envelope, isInTray: Bool
    ) -> TextCheck {
        let seen = (edits[text] ?? []).filter { number in
            number <= envelope.base.own && numbers[number] == number && (isInTray || !tray.contains(number))
        }
        let (before, after) = (
            TextCheck(seen.map { ChangeID(replica: old, number: $0) }),
            TextCheck(seen.map { ChangeID(replica: replica, number: $0) })
        )
        return TextCheck(check.value &- before.value &+ after.value)
    }
}
