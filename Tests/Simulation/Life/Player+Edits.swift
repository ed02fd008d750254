import ChangeLog
import Merging
import OfflineReplica
import TextCRDT

extension Player {
    /// One thing that somebody can do with a record.
    struct Idea: Sendable {
        let deed: Oracle.Deed
        let operation: DraftOperation
    }

    /// The place where somebody writes: a record of the pool, in a team or in one's own.
    private func place(_ host: ReplicaHost, _ dice: inout SplitMix64) -> (RecordID, AudienceID) {
        // Most is done where many are.
        let isCrowded = dice.below(10) < world.habits.crowding
        let record = SimulatedDomain.record(isCrowded ? 1 : 1 + dice.below(5))
        if dice.chance(10) { return (record, AudienceID(family: "person", host.person)) }
        let own = (world.teams[host.person] ?? []).sorted()
        guard let team = isCrowded ? own.first : own.randomElement(using: &dice), dice.chance(90) else {
            return (record, SimulatedDomain.audience(ofTeam: dice.below(World.teamCount)))
        }
        return (record, SimulatedDomain.audience(ofTeam: team))
    }

    /// The first device makes all records, and everybody has them.
    func prepare() throws {
        // Only then it knows that it may.
        _ = try exchange(world.hosts[0])
        for number in 1...5 {
            for team in 0..<World.teamCount {
                let place = (SimulatedDomain.record(number), SimulatedDomain.audience(ofTeam: team))
                try make([place], world.hosts[0], on: nil, UInt64(number))
            }
        }
        for host in world.hosts { _ = try exchange(host) }
    }

    func edit(_ host: ReplicaHost, _ dice: inout SplitMix64) throws {
        let (record, audience) = place(host, &dice)
        try make([(record, audience)], host, on: nil, dice.next())
    }

    /// One action in two teams, or in a team and one's own.
    func editTogether(_ host: ReplicaHost, _ dice: inout SplitMix64) throws {
        let (one, other) = (place(host, &dice), place(host, &dice))
        guard one.1 != other.1 else { return }
        try make([one, other], host, on: nil, dice.next())
    }

    func openForm(_ host: ReplicaHost, _ dice: inout SplitMix64) throws {
        let (record, audience) = place(host, &dice)
        let screen = try guarded(host) { try await $0.read { try Screen($0, record, in: audience) } }
        guard let screen, screen.isVisible else { return }
        host.forms.append(told(screen, by: host))
        world.log.note("\(host.name) opens a form of \(record.short) in \(audience.short) at \(screen.view)")
    }

    func submitForm(_ host: ReplicaHost, _ dice: inout SplitMix64) throws {
        guard !host.forms.isEmpty else { return }
        let screen = host.forms.remove(at: dice.below(host.forms.count))
        try make([(screen.record, screen.audience)], host, on: screen, dice.next())
    }

    /// Records one action, and tells the oracle.
    ///
    /// - Parameter form: what its author sees, where that is not the newest.
    private func make(
        _ places: [(RecordID, AudienceID)], _ host: ReplicaHost, on form: Screen?, _ dice: UInt64
    ) throws {
        let (number, habits) = (texts, world.habits)
        let attempt = Attempt<[(Screen, [Idea])]>()
        try guarded(host) { replica in
            try await replica.record(on: form?.view) { reader -> (drafts: [Draft], result: Void) in
                var random = SplitMix64(seed: dice)
                var tokens = Tokens(last: number)
                let parts = try places.map { record, audience in
                    let screen = try form ?? Screen(reader, record, in: audience)
                    return (screen, Ideas(screen: screen, habits: habits).some(&random, &tokens))
                }
                attempt.begin(on: reader, at: try reader.view(), parts)
                return (parts.map { Draft($0.0.audience, $0.1.map(\.operation)) }, ())
            }
        }
        // Texts that were not recorded are not used again either.
        skipTexts(8)
        guard let made = try made(attempt, by: host) else { return }
        if let form, try guarded(host, { try await $0.view() }).map({ $0.cursor > form.view.cursor }) == true
        {
            world.log.count(.staleForm)
        }
        let parts = made.result.filter { !$0.1.isEmpty }
        let edits = made.changes.map { host.line.note($0.number) }
        for ((change, edit), (screen, ideas)) in zip(zip(made.changes, edits), parts) {
            let screen = told(screen, by: host)
            for idea in ideas {
                world.oracle.note(
                    Oracle.Act(change: edit, device: host.name, deed: idea.deed, screen: screen))
            }
            world.log.note(
                "\(host.name) makes \(change.short) in \(screen.audience.short) on \(screen.record.short) at \(screen.view): \(ideas.map(\.deed))"
            )
        }
        if made.changes.count > 1 { world.oracle.note(group: edits) }
        try readBack(made.changes, host)
    }

    /// What came of an attempt: a program that died after the commit told nobody, and has recorded it all
    /// the same.
    func made<Value>(_ attempt: Attempt<Value>, by host: ReplicaHost) throws -> (
        changes: [ChangeID], result: Value
    )? {
        guard let began = attempt.view, let replica = attempt.replica, let result = attempt.result else {
            return nil
        }
        var view: View?
        // It may die while it is asked.
        for _ in 0..<3 where view == nil { view = try guarded(host) { try await $0.view() } }
        guard let now = view, now.own > began.own else { return nil }
        return ((began.own + 1...now.own).map { ChangeID(replica: replica, number: $0) }, result)
    }

    /// People read what they wrote.
    func readBack(_ changes: [ChangeID], _ host: ReplicaHost) throws {
        let continuations = world.continuations
        let missing = try guarded(host) { replica in
            try await replica.read { reader in
                // It may go on as another replica since.
                try changes.filter { change in
                    try reader.status(of: continuations.name(of: change.number, in: reader)) == nil
                }
            }
        }
        for change in missing ?? [] {
            world.log.report(.causality, "\(host.name) does not find \(change) that was just recorded")
        }
    }
}

extension Player {
    /// A screen as its person tells of it: with the oracle's names of what was recorded on this disk.
    func told(_ screen: Screen, by host: ReplicaHost) -> Screen {
        screen.renamed { change in edit(change, on: host, as: screen.replica) ?? change }
    }

    /// What the oracle calls a change that was recorded on a disk; nil for others' changes.
    func edit(_ change: ChangeID, on host: ReplicaHost, as replica: ReplicaID) -> ChangeID? {
        world.continuations.owns(change, replica) ? host.line.edits[change.number] : nil
    }
}

/// What somebody was about to record, and on what.
///
/// Unchecked: it stays on the simulation's thread.
final class Attempt<Value>: @unchecked Sendable {
    private(set) var view: View?
    /// As which replica.
    private(set) var replica: ReplicaID?
    private(set) var result: Value?

    func begin(on reader: ReplicaReader, at view: View, _ result: Value) {
        replica = reader.identity.replica
        self.view = view
        self.result = result
    }
}

/// Numbers of texts.
struct Tokens {
    var last: Int

    mutating func next() -> String {
        last += 1
        return "«\(last)»"
    }
}

extension ChangeID {
    var short: String { "\(replica.short):\(number)" }
}

extension ReplicaID {
    /// A number for those that were enrolled, and the beginning of the id for those that go on from one.
    var short: String { bits.high == 0xdead ? "\(bits.low)" : String(bits.high >> 32, radix: 16) }
}

extension RecordID {
    var short: String { "record \(bits.low)" }
}

extension AudienceID {
    var short: String { family == "team" ? "team \(subject?.bits.low ?? 0)" : String(family) }
}
