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
        host.forms.append(screen)
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
                attempt.begin(at: try reader.view(), parts)
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
        for (change, (screen, ideas)) in zip(made.changes, parts) {
            for idea in ideas {
                world.oracle.note(
                    Oracle.Act(change: change, device: host.name, deed: idea.deed, screen: screen))
            }
            world.log.note(
                "\(host.name) makes \(change.short) in \(screen.audience.short) on \(screen.record.short) at \(screen.view): \(ideas.map(\.deed))"
            )
        }
        if made.changes.count > 1 { world.oracle.note(group: made.changes) }
        try readBack(made.changes, host)
    }

    /// What came of an attempt: a program that died after the commit told nobody, and has recorded it all
    /// the same.
    func made<Value>(_ attempt: Attempt<Value>, by host: ReplicaHost) throws -> (
        changes: [ChangeID], result: Value
    )? {
        guard let began = attempt.view, let result = attempt.result else { return nil }
        var view: View?
        // It may die while it is asked.
        for _ in 0..<3 where view == nil { view = try guarded(host) { try await $0.view() } }
        guard let now = view, now.own > began.own else { return nil }
        let replica = host.replica.identity.replica
        return ((began.own + 1...now.own).map { ChangeID(replica: replica, number: $0) }, result)
    }

    /// People read what they wrote.
    func readBack(_ changes: [ChangeID], _ host: ReplicaHost) throws {
        let missing = try guarded(host) { replica in
            try await replica.read { reader in try changes.filter { try reader.status(of: $0) == nil } }
        }
        for change in missing ?? [] {
            world.log.report(.causality, "\(host.name) does not find \(change) that was just recorded")
        }
    }
}

/// What somebody was about to record, and on what.
///
/// Unchecked: it stays on the simulation's thread.
final class Attempt<Value>: @unchecked Sendable {
    private(set) var view: View?
    private(set) var result: Value?

    func begin(at view: View, _ result: Value) {
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
    var short: String { "\(replica.bits.low):\(number)" }
}

extension RecordID {
    var short: String { "record \(bits.low)" }
}

extension AudienceID {
    var short: String { family == "team" ? "team \(subject?.bits.low ?? 0)" : String(family) }
}
