import ChangeLog
import SyncProtocol
import Synchronization

/// Knows who was in which team at which moment, and looks at every frame that a device is given.
final class LeakWatch: Sendable {
    private struct Membership {
        let from: Int
        var to: Int?
    }

    private struct State {
        var memberships: [RecordID: [AudienceID: [Membership]]] = [:]
        /// For each device, the moments of the frames that it was given last.
        var given: [String: [Int]] = [:]
        /// Since when a device may be given nothing.
        var silenced: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let moment: @Sendable () -> Int
    private let world: WorldLog
    /// A frame may have been made this many frames before it is given: of one look at the log.
    private static let readyFrames = 8

    init(world: WorldLog, moment: @escaping @Sendable () -> Int) {
        self.world = world
        self.moment = moment
    }

    /// To be called before the server is told of a grant.
    func grants(_ audience: AudienceID, to person: RecordID) {
        state.withLock {
            $0.memberships[person, default: [:]][audience, default: []].append(Membership(from: moment()))
        }
    }

    /// To be called after the server was told of a revocation.
    func revoked(_ audience: AudienceID, from person: RecordID) {
        state.withLock { state in
            guard let last = state.memberships[person]?[audience]?.indices.last else { return }
            state.memberships[person]?[audience]?[last].to = moment()
        }
    }

    /// To be called while the server does not speak: it goes on with what it knew at an earlier moment.
    func returned(to teams: [RecordID: Set<AudienceID>]) {
        let now = moment()
        state.withLock { state in
            for (person, audiences) in state.memberships {
                for (audience, memberships) in audiences {
                    let isIn = teams[person]?.contains(audience) ?? false
                    for index in memberships.indices where memberships[index].to == nil && !isIn {
                        state.memberships[person]?[audience]?[index].to = now
                    }
                }
            }
            for (person, audiences) in teams {
                for audience in audiences {
                    let known = state.memberships[person]?[audience] ?? []
                    guard !known.contains(where: { $0.to == nil }) else { continue }
                    state.memberships[person, default: [:]][audience, default: []]
                        .append(Membership(from: now))
                }
            }
        }
    }

    /// To be called before a device that had no rights is heard again.
    func restore(_ device: String) { state.withLock { $0.silenced[device] = nil } }

    /// To be called after the server was told that a device has no rights any more.
    func silence(_ device: String) { state.withLock { $0.silenced[device] = moment() } }

    func check(_ frame: Frame, to host: ReplicaHost) {
        let now = moment()
        let since = state.withLock { state in
            state.given[host.name, default: []].append(now)
            return state.given[host.name]?.suffix(Self.readyFrames).first ?? now
        }
        guard case .deliver(let delivery) = frame else { return }
        if let end = state.withLock({ $0.silenced[host.name] }), end < since {
            world.report(.noLeak, "\(host.name) is given changes although it was revoked")
        }
        for entry in delivery.batch.entries {
            let audience = entry.envelope.audience
            guard audience != Roster.audience, audience.subject != host.person else { continue }
            let isMember = state.withLock { state in
                (state.memberships[host.person]?[audience] ?? []).contains {
                    $0.from <= now && ($0.to ?? now) >= since
                }
            }
            guard !isMember else { continue }
            // A place in the order may be all that is told of a change that is not for this reader.
            world.report(.noLeak, "\(host.name) is given \(entry.envelope.id) of \(audience.name)")
        }
    }
}
