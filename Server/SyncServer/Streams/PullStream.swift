import ChangeLog
import Cryptography
import GRDB
import SyncProtocol

/// One pull: makes the next frame when it is asked for, from a fresh snapshot of the log.
actor PullStream {
    private enum State { case opening, streaming, ended }

    private let engine: Engine
    private let hello: Hello
    private let want: Want
    private let known: UInt64?
    private let fingerprints: [RangeFingerprint]
    private let takesSegments: Bool
    private let device: DeviceIdentity
    private var state = State.opening
    private var ready: [Frame] = []
    private var plan: PullPlan?
    /// What was committed when the request came.
    private var openingHead = Position.origin
    private var hasSaidCurrent = false
    private var lanesTurn = false
    /// The first lane, once it is known whether it comes in segments.
    private var looked: (lane: AudienceID, isSegmented: Bool)?

    init(
        engine: Engine, hello: Hello, want: Want, known: UInt64? = nil,
        fingerprints: [RangeFingerprint] = [], takesSegments: Bool = false, device: DeviceIdentity
    ) {
        self.engine = engine
        self.hello = hello
        self.want = want
        self.known = known
        self.fingerprints = fingerprints
        self.takesSegments = takesSegments
        self.device = device
    }

    /// How many frames are made and not taken.
    var backlog: Int { ready.count }

    /// The next frame; nil at the end.
    func next() async throws -> Frame? {
        do {
            return try await nextOfOpenServer()
        } catch is ServerError where engine.fanOut.isClosed {
            // The database was closed beneath a read: that is the end of the stream, and no fault.
            return nil
        }
    }

    private func nextOfOpenServer() async throws -> Frame? {
        while true {
            if !ready.isEmpty { return ready.removeFirst() }
            if state == .ended || engine.fanOut.isClosed { return nil }
            try Task.checkCancellation()
            let announced = engine.fanOut.head
            if state == .opening {
                try await open()
            } else if try await !step() {
                if hasSaidCurrent, !want.isLive {
                    state = .ended
                } else if await engine.fanOut.isQuiet(beyond: announced) {
                    ready.append(.pulse(milliseconds: engine.environment.nowMilliseconds()))
                }
            }
        }
    }

    private func refuse(_ reason: Reason) {
        ready.append(.refusal(reason))
        state = .ended
    }

    private func open() async throws {
        let (hello, want, known, device, fingerprints) = (hello, want, known, device, fingerprints)
        let (membership, compared) = (engine.membership, engine.fingerprints)
        let opening = try await engine.read { ledger in
            let head = try ledger.head()
            let tree = try known.map { Frame.tree(try ledger.comparison(with: $0)) }
            if let reason = try Self.fault(in: hello, want, of: device, head: head, ledger) {
                // Who holds more than there is gets the signed head along, as evidence.
                let isBehind = reason.code == Refusal.cursorFuture(head).code
                return Opening(head: head, tree: isBehind ? tree : nil, outcome: .failure(reason))
            }
            let readable = try membership.readable(by: device.person, in: ledger)
            let (plan, opening) = PullPlan.opening(
                want, readable: readable, head: head, first: Roster.audience)
            let differing = try compared.differing(
                fingerprints, readable: readable, limit: .max, in: ledger
            ).differing
            let told = fingerprints.isEmpty ? [] : [Frame.differing(differing ?? [])]
            let frames = told + opening
            return Opening(head: head, tree: tree, outcome: .success((plan, frames)))
        }
        begin(opening)
        guard let plan else { return }
        try await engine.note(device, at: want.cursor, holding: plan.thresholds.keys.sorted())
    }

    private func begin(_ opening: Opening) {
        ready.append(
            .welcome(
                Welcome(
                    epoch: engine.epoch, head: opening.head,
                    milliseconds: engine.environment.nowMilliseconds())))
        if let tree = opening.tree { ready.append(tree) }
        if case .failure(let reason) = opening.outcome, reason == Refusal.epochChanged {
            ready.append(.restored(engine.epochs))
        }
        switch opening.outcome {
        case .failure(let reason): refuse(reason)
        case .success(let (plan, frames)):
            self.plan = plan
            ready += frames
            openingHead = opening.head
            state = .streaming
        }
    }

    private struct Opening: Sendable {
        let head: Position
        /// The newest head of the tree, where it was asked for.
        let tree: Frame?
        let outcome: Result<(PullPlan, [Frame]), Reason>
    }

    private static func fault(
        in hello: Hello, _ want: Want, of device: DeviceIdentity, head: Position, _ ledger: ServerLedger
    ) throws -> Reason? {
        let standing = try ledger.standingFault(of: device.device)
        if let standing, standing != Refusal.deviceRetired { return standing }
        guard try ledger.replicaRow(hello.replica)?.device == device.device else {
            return Refusal.replicaForeign
        }
        // A retired one too must hear of it: else it could never hand in what the restore lost.
        if let epoch = hello.epoch, epoch != ledger.epoch { return Refusal.epochChanged }
        if let standing { return standing }
        let ends = want.held.map(\.end)
        return ([want.cursor] + ends).contains { $0 > head } ? Refusal.cursorFuture(head) : nil
    }

    /// Makes the next frames.
    ///
    /// - Returns: false when there is nothing to say until something is committed.
    private func step() async throws -> Bool {
        if try await nameSegments() { return true }
        guard let current = plan else { return false }
        let (device, membership, lanesTurn) = (device, engine.membership, lanesTurn)
        let limit = engine.environment.batchEntries
        let step = try await engine.read { ledger -> Step in
            var plan = current
            if let reason = try ledger.standingFault(of: device.device) { return .refuse(reason) }
            let head = try ledger.head()
            let readable = try membership.readable(by: device.person, in: ledger)
            let frames = try Self.update(&plan, readable, head: head, ledger)
            if !frames.isEmpty { return .say(frames, plan) }
            return try Self.deliver(
                &plan, head: head, lanesTurn: lanesTurn, Deliveries(ledger: ledger, limit: limit))
        }
        let (isMade, granted) = take(step, at: current.cursor)
        if !granted.isEmpty {
            try await engine.note(device, at: plan?.cursor ?? current.cursor, holding: granted)
        }
        return isMade
    }

    /// Names segments of the first lane, where its turn has come. What follows them in the lane is left to the next
    /// pull, which begins behind them; behind segments of `everyone` all lanes are, since their keys stand in it.
    ///
    /// - Returns: false where there are none.
    private func nameSegments() async throws -> Bool {
        guard takesSegments, let current = plan, let lane = current.lanes.first,
            lane.audience == Roster.audience || lane.end <= current.cursor
        else { return false }
        if let looked, looked.lane == lane.audience, !looked.isSegmented { return false }
        let isSegmented = looked?.lane == lane.audience
        let segments = try await engine.segments.leading(lane)
        guard let last = segments.last else {
            looked = (lane.audience, isSegmented)
            if isSegmented { plan?.leaveLanes(all: lane.audience == Roster.audience) }
            return isSegmented
        }
        looked = (lane.audience, true)
        ready.append(.segments(SegmentList(lane: lane.audience, segments: segments.map(\.told))))
        plan?.advanceFirstLane(to: last.through)
        // It may have ended right there.
        if lane.audience == Roster.audience, last.through == lane.end { plan?.leaveLanes(all: true) }
        return true
    }

    /// - Returns: whether there is something to say, and what was granted with it.
    private func take(_ step: Step, at cursor: Position) -> (isMade: Bool, granted: [AudienceID]) {
        switch step {
        case .refuse(let reason): refuse(reason)
        case .say(let frames, let plan):
            ready += frames
            self.plan = plan
            lanesTurn.toggle()
            return (
                true, frames.compactMap { if case .grant(let audience, _) = $0 { audience } else { nil } }
            )
        case .nothing:
            guard !hasSaidCurrent, cursor >= openingHead else { return (false, []) }
            hasSaidCurrent = true
            ready.append(.current(cursor))
        }
        return (true, [])
    }

    private enum Step: Sendable {
        case refuse(Reason)
        case say([Frame], PullPlan)
        case nothing
    }

    /// Grants and revocations since the last frame.
    private static func update(
        _ plan: inout PullPlan, _ readable: [AudienceID], head: Position, _ ledger: ServerLedger
    ) throws -> [Frame] {
        let cursor = plan.cursor
        var ends: [AudienceID: Position] = [:]
        for audience in readable where plan.thresholds[audience] == nil {
            // An audience that begins after the cursor comes whole in the main stream: its lane is empty.
            let first = try ledger.first(of: audience) ?? .origin
            ends[audience] = first > cursor ? cursor : head
        }
        return plan.update(readable: readable) { ends[$0] ?? head }
    }

    /// The next batch: the roster's lane first, then main stream and lanes in turn.
    ///
    /// A lane waits until the main stream has come to its end: on the way there the roster names the
    /// devices whose changes it brings, without which nobody can check them.
    private static func deliver(
        _ plan: inout PullPlan, head: Position, lanesTurn: Bool, _ deliveries: Deliveries
    ) throws -> Step {
        let isBehind = plan.cursor < head
        if let lane = plan.lanes.first,
            lane.audience == Roster.audience || (lane.end <= plan.cursor && (lanesTurn || !isBehind))
        {
            let delivery = try deliveries.lane(lane)
            plan.advanceFirstLane(to: delivery.through)
            return .say([.deliver(delivery)], plan)
        }
        guard isBehind else { return .nothing }
        let delivery = try deliveries.main(plan, head: head)
        plan.advance(to: delivery.through)
        return .say([.deliver(delivery)], plan)
    }
}

extension ServerLedger {
    /// Why a device may not speak now; nil when it may.
    func standingFault(of device: RecordID) throws -> Reason? {
        switch try rostered(device, Roster.deviceStanding)?.text {
        case Roster.active: nil
        case Roster.retired: try hasHandedIn(device) ? Refusal.deviceClosed : Refusal.deviceRetired
        case Roster.lost: Refusal.deviceLost
        default: Refusal.deviceUnknown
        }
    }

    private func hasHandedIn(_ device: RecordID) throws -> Bool {
        try db.one("SELECT 1 FROM retirement WHERE device = ?", [device.bytes.blob])
            != nil
    }

    /// Why a device may not push now: one that was retired may, until it has said that it is done.
    func pushFault(of device: RecordID) throws -> Reason? {
        let fault = try standingFault(of: device)
        return fault == Refusal.deviceRetired ? nil : fault
    }

    /// The position of an audience's first change.
    func first(of audience: AudienceID) throws -> Position? {
        let row = try db.one("SELECT first FROM audience WHERE name = ?", [audience.name])
        guard let row, !row.hasNull(atIndex: 0) else { return nil }
        return Position(row.word(0))
    }
}
