import CoreMetrics

/// What the server counts and measures. Labels take few values: no ids, no names, no texts.
struct ServerMetrics: Sendable {
    let transactions: Counter
    let failedTransactions: Counter
    /// From the beginning of a transaction to the end of its commit.
    let transactionTime: Timer
    /// Of that, the commit: the log of SQLite is written and synced to disk.
    let commitTime: Timer
    let queueDepth: Meter
    let wakeUps: Counter
    let openPulls: Meter
    let livePulls: Meter
    /// The newest position minus what the live pull that is furthest behind has been given.
    let lag: Meter
    let connections: Meter
    let databaseBytes: Meter
    let logBytes: Meter
    let freeBytes: Meter
    let devices: Meter
    private let factory: any MetricsFactory
    private let codes = BoundedLabel(limit: 64)

    init(_ factory: any MetricsFactory) {
        func counter(_ name: Name) -> Counter { Counter(label: name.rawValue, factory: factory) }
        func meter(_ name: Name) -> Meter { Meter(label: name.rawValue, factory: factory) }
        self.factory = factory
        transactions = counter(.transactions)
        failedTransactions = counter(.failedTransactions)
        transactionTime = Timer(label: Name.transactionTime.rawValue, factory: factory)
        commitTime = Timer(label: Name.commitTime.rawValue, factory: factory)
        queueDepth = meter(.queueDepth)
        wakeUps = counter(.wakeUps)
        openPulls = meter(.openPulls)
        livePulls = meter(.livePulls)
        lag = meter(.lag)
        connections = meter(.connections)
        databaseBytes = meter(.databaseBytes)
        logBytes = meter(.logBytes)
        freeBytes = meter(.freeBytes)
        devices = meter(.limitedDevices)
        // What never happened is shown as 0, so that an alarm on its rise has something to compare with.
        for outcome in HandshakeOutcome.allCases { handshake(outcome, by: 0) }
        for limit in Traffic.Limit.allCases.map(\.rawValue) + ["pause"] { self.limit(limit, by: 0) }
        for verdict in ["accepted", "held", "waiting"] { self.verdict(verdict, code: "", by: 0) }
    }

    enum HandshakeOutcome: String, CaseIterable { case full, resumed, failed }

    func handshake(_ outcome: HandshakeOutcome, by count: Int = 1) {
        Counter(
            label: Name.handshakes.rawValue, dimensions: [("outcome", outcome.rawValue)], factory: factory
        )
        .increment(by: count)
    }

    /// - Parameters:
    ///   - kind: `accepted`, `held`, `waiting` or `refused`.
    ///   - code: of the reason; empty without one. The rules of a domain have a bounded number of them, but
    ///     nothing here knows which: beyond 64 they are `other`.
    func verdict(_ kind: String, code: String, by count: Int = 1) {
        let dimensions = [("code", code.isEmpty ? "" : codes.value(code)), ("verdict", kind)]
        Counter(label: Name.verdicts.rawValue, dimensions: dimensions, factory: factory).increment(by: count)
    }

    /// - Parameter limit: a `Traffic.Limit`, or `pause` for a request that was slowed down.
    func limit(_ limit: String, by count: Int = 1) {
        Counter(label: Name.limitRefusals.rawValue, dimensions: [("limit", limit)], factory: factory)
            .increment(by: count)
    }

    /// - Parameter route: a path that there is; nil for any other.
    func request(_ route: Route?, status: Int) {
        let dimensions = [("route", route?.rawValue ?? "other"), ("status", String(status))]
        Counter(label: Name.requests.rawValue, dimensions: dimensions, factory: factory).increment()
    }
}
