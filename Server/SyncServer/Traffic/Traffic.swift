import ChangeLog

/// What each device and organisation has used of its limits, as a machine without a clock: every moment is
/// told to it, in milliseconds.
struct Traffic {
    /// What was reached.
    enum Limit: String, CaseIterable {
        case changes, bytes, requests, pulls, connections
    }

    /// Not now, and when to come back.
    struct Refusal: Error, Hashable {
        let limit: Limit
        let waitMilliseconds: Int64
        /// For how long it is not answered: whoever comes back too early is not to come back at once again.
        var silenceMilliseconds: Int64 = 0
    }

    private struct Account {
        var changes: TokenBucket
        var bytes: TokenBucket
        var requests = 0
        var livePulls = 0
        var connections = 0
        /// Until when the device was told to wait.
        var notBefore = Int64.min
    }

    /// How long one waits for a place that another request has, milliseconds: nobody knows when it ends.
    static let placeWait: Int64 = 1_000
    /// How long somebody who comes back too early is not answered, milliseconds.
    static let silence: Int64 = 1_000
    /// Beyond so many accounts those that are as good as new are forgotten.
    private static let remembered = 1_024

    let limits: TrafficLimits
    private var devices: [RecordID: Account] = [:]
    private var organisations: [RecordID: Account] = [:]
    /// When forgetting is tried again.
    private var threshold = Traffic.remembered

    init(_ limits: TrafficLimits) { self.limits = limits }

    /// How many devices and organisations are remembered.
    var count: Int { devices.count + organisations.count }

    /// A request begins; it is asked before its body is read.
    ///
    /// - Throws: `Refusal`; nothing has begun then, and nothing was used.
    mutating func begin(of device: RecordID, in organisation: RecordID?, now: Int64) throws(Refusal) {
        var account = self.device(device, now)
        var shared = organisation.map { self.organisation($0, now) }
        var refusal = Self.debt(&account, now, limits)
        if var other = shared, refusal == nil { refusal = Self.debt(&other, now, limits) }
        if account.requests >= limits.requests {
            refusal = Refusal(limit: .requests, waitMilliseconds: Self.placeWait)
        }
        if var refusal {
            if now < account.notBefore { refusal.silenceMilliseconds = Self.silence }
            account.notBefore = now + refusal.waitMilliseconds
            devices[device] = account
            throw refusal
        }
        if let organisation {
            shared?.changes.spend(limits.requestChanges, now: now)
            organisations[organisation] = shared
        }
        account.requests += 1
        account.changes.spend(limits.requestChanges, now: now)
        devices[device] = account
        forget(now)
    }

    mutating func end(of device: RecordID) { devices[device]?.requests -= 1 }

    /// A request that has begun turns out to be a live pull.
    mutating func beginLive(of device: RecordID) throws(Refusal) {
        guard devices[device]?.livePulls ?? 0 < limits.livePulls else {
            throw Refusal(limit: .pulls, waitMilliseconds: Self.placeWait)
        }
        devices[device]?.livePulls += 1
    }

    mutating func endLive(of device: RecordID) { devices[device]?.livePulls -= 1 }

    /// A connection turns out to be of a device, with its first request.
    mutating func connect(_ device: RecordID, now: Int64) throws(Refusal) {
        var account = self.device(device, now)
        guard account.connections < limits.connections else {
            throw Refusal(limit: .connections, waitMilliseconds: Self.placeWait)
        }
        account.connections += 1
        devices[device] = account
    }

    mutating func disconnect(_ device: RecordID) { devices[device]?.connections -= 1 }

    /// Something came or went within a request that has begun.
    ///
    /// - Returns: for how long the request is to pause first: until what was used before is paid.
    /// - Throws: `Refusal` where that would be too long; nothing was used then.
    mutating func spend(
        changes: Int, bytes: Int, of device: RecordID, in organisation: RecordID?, now: Int64
    ) throws(Refusal) -> Int64 {
        var account = self.device(device, now)
        let shared = organisation.map { self.organisation($0, now) }
        var debt = Self.debt(&account, now, limits)
        if var other = shared, let more = Self.debt(&other, now, limits) {
            if more.waitMilliseconds > debt?.waitMilliseconds ?? 0 { debt = more }
        }
        if let debt, debt.waitMilliseconds > limits.longestPause { throw debt }
        owe(changes: changes, bytes: bytes, of: device, in: organisation, now: now)
        return debt?.waitMilliseconds ?? 0
    }

    /// So much was used that was not known before: whatever comes next waits for it.
    mutating func owe(
        changes: Int, bytes: Int, of device: RecordID, in organisation: RecordID?, now: Int64
    ) {
        var account = self.device(device, now)
        account.changes.spend(Int64(changes), now: now)
        account.bytes.spend(Int64(bytes), now: now)
        devices[device] = account
        guard let organisation else { return }
        var shared = self.organisation(organisation, now)
        shared.changes.spend(Int64(changes), now: now)
        shared.bytes.spend(Int64(bytes), now: now)
        organisations[organisation] = shared
    }

    private func device(_ id: RecordID, _ now: Int64) -> Account {
        devices[id]
            ?? Account(
                changes: TokenBucket(limits.deviceChanges, now: now),
                bytes: TokenBucket(limits.deviceBytes, now: now))
    }

    private func organisation(_ id: RecordID, _ now: Int64) -> Account {
        organisations[id]
            ?? Account(
                changes: TokenBucket(limits.organisationChanges, now: now),
                bytes: TokenBucket(limits.organisationBytes, now: now))
    }

    private static func debt(_ account: inout Account, _ now: Int64, _ limits: TrafficLimits) -> Refusal? {
        let (changes, bytes) = (account.changes.wait(now: now), account.bytes.wait(now: now))
        guard max(changes, bytes) > 0 else { return nil }
        return Refusal(
            limit: changes >= bytes ? .changes : .bytes,
            waitMilliseconds: min(max(changes, bytes), limits.longestWait))
    }

    /// What is as good as new need not be remembered: memory follows who is active, not who ever was.
    private mutating func forget(_ now: Int64) {
        guard count > threshold else { return }
        func active(_ account: Account) -> Account? {
            var account = account
            let isFresh = account.changes.isFull(now: now) && account.bytes.isFull(now: now)
            let isIdle = account.requests == 0 && account.livePulls == 0 && account.connections == 0
            return isFresh && isIdle ? nil : account
        }
        devices = devices.compactMapValues(active)
        organisations = organisations.compactMapValues(active)
        threshold = max(Self.remembered, 2 * count)
    }
}
