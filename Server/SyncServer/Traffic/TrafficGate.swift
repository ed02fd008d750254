import ChangeLog
import CoreMetrics
import Logging
import NIOCore
import Synchronization

/// Asks `Traffic` on behalf of requests, at the server's clock.
final class TrafficGate: Sendable {
    private let traffic: Mutex<Traffic>
    private let environment: ServerEnvironment
    private let metrics: ServerMetrics
    private let turns = DeviceTurns()
    private let company = Mutex(Company())
    /// The connections that are counted, as long as they are open.
    private let connections = Mutex<Set<ObjectIdentifier>>([])

    init(_ limits: TrafficLimits, environment: ServerEnvironment, metrics: ServerMetrics) {
        traffic = Mutex(Traffic(limits))
        self.environment = environment
        self.metrics = metrics
    }

    /// Counts a connection with the first request that a device makes on it, until it is closed.
    ///
    /// - Throws: `Traffic.Refusal` when the device has as many as it may.
    func note(_ connection: any Channel, of device: RecordID) throws {
        let id = ObjectIdentifier(connection)
        guard connections.withLock({ !$0.contains(id) }) else { return }
        let now = environment.nowMilliseconds()
        try counted { try traffic.withLock { try $0.connect(device, now: now) } }
        connections.withLock { _ = $0.insert(id) }
        connection.closeFuture.whenComplete { [self] _ in
            connections.withLock { _ = $0.remove(id) }
            traffic.withLock { $0.disconnect(device) }
        }
    }

    /// Lets a request of a device in, before its body is read; whoever gets it has to let go of it.
    ///
    /// - Throws: `Traffic.Refusal`, to a device that came back too early only after a while.
    func enter(_ device: DeviceIdentity) async throws -> Passage {
        let now = environment.nowMilliseconds()
        company.withLock { $0.note(device.device, now: now) }
        do {
            let count = try counted {
                try traffic.withLock { traffic in
                    try traffic.begin(of: device.device, in: device.organisation, now: now)
                    return traffic.count
                }
            }
            metrics.devices.set(count)
        } catch let refusal as Traffic.Refusal where refusal.silenceMilliseconds > 0 {
            try await environment.sleep(.milliseconds(refusal.silenceMilliseconds))
            throw refusal
        }
        return Passage(gate: self, device: device)
    }

    fileprivate func enterLive(_ device: RecordID) throws {
        try counted { try traffic.withLock { try $0.beginLive(of: device) } }
    }

    fileprivate func leave(_ device: RecordID, isLive: Bool) {
        traffic.withLock { traffic in
            if isLive { traffic.endLive(of: device) }
            traffic.end(of: device)
        }
    }

    fileprivate func turn<Result: Sendable>(
        of device: RecordID, cost: Int, _ body: () async throws -> Result
    ) async rethrows -> Result {
        try await turns.turn(of: device, rest: { await self.rest(of: device, after: cost) }, body)
    }

    /// Whoever sends much leaves the others some time after each piece: returns at once where nobody else is there.
    ///
    /// - Parameter cost: of the piece, in changes.
    fileprivate func rest(of device: RecordID, after cost: Int) async {
        let now = environment.nowMilliseconds()
        guard company.withLock({ $0.hasOthers(than: device, now: now) }) else { return }
        // Who was cancelled need not rest.
        try? await environment.sleep(TrafficLimits.rest * min(cost, CommitQueue.quantum))
    }

    fileprivate func pass(changes: Int, bytes: Int, _ device: DeviceIdentity) async throws {
        let pause = try spend(changes: changes, bytes: bytes, device)
        if pause > 0 { try await environment.sleep(.milliseconds(pause)) }
    }

    /// - Returns: milliseconds to wait.
    private func spend(changes: Int, bytes: Int, _ device: DeviceIdentity) throws -> Int64 {
        let now = environment.nowMilliseconds()
        let pause = try counted {
            try traffic.withLock { traffic in
                try traffic.spend(
                    changes: changes, bytes: bytes, of: device.device, in: device.organisation, now: now)
            }
        }
        if pause > 0 { metrics.limit("pause") }
        return pause
    }

    fileprivate func owe(changes: Int, bytes: Int, _ device: DeviceIdentity) {
        let now = environment.nowMilliseconds()
        traffic.withLock { traffic in
            traffic.owe(
                changes: changes, bytes: bytes, of: device.device, in: device.organisation, now: now)
        }
    }

    private func counted<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let refusal as Traffic.Refusal {
            metrics.limit(refusal.limit.rawValue)
            throw refusal
        }
    }
}

/// A request that was let in, until it leaves.
final class Passage: Sendable {
    private let gate: TrafficGate
    private let device: DeviceIdentity
    private let state = Mutex((isLive: false, hasLeft: false))

    fileprivate init(gate: TrafficGate, device: DeviceIdentity) {
        self.gate = gate
        self.device = device
    }

    /// It turns out to be a live pull.
    ///
    /// - Throws: `Traffic.Refusal` when the device has as many as it may.
    func becomeLive() throws {
        try gate.enterLive(device.device)
        state.withLock { $0.isLive = true }
    }

    /// So much came or went: returns at once, or as soon as what was used before is paid.
    ///
    /// - Throws: `Traffic.Refusal` where that would take too long; `CancellationError`.
    func pass(changes: Int = 0, bytes: Int) async throws {
        try await gate.pass(changes: changes, bytes: bytes, device)
    }

    /// So much was used on top, as turned out afterwards; what comes next waits for it.
    func owe(changes: Int = 0, bytes: Int = 0) { gate.owe(changes: changes, bytes: bytes, device) }

    /// Does something that a device may do once at a time, when it is its turn.
    ///
    /// - Parameter cost: what it costs, in changes.
    func turn<Result: Sendable>(
        cost: Int = 1, _ body: () async throws -> Result
    ) async rethrows -> Result {
        try await gate.turn(of: device.device, cost: cost, body)
    }

    /// Returns when the next piece of the same push may begin.
    func rest(after cost: Int) async { await gate.rest(of: device.device, after: cost) }

    /// Gives its place to the next; once is enough, and more does no harm.
    func leave() {
        let isLive: Bool? = state.withLock { state in
            defer { state.hasLeft = true }
            return state.hasLeft ? nil : state.isLive
        }
        if let isLive { gate.leave(device.device, isLive: isLive) }
    }
}
