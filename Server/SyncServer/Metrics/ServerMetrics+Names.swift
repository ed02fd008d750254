extension ServerMetrics {
    /// The names of the metrics, by the conventions of Prometheus: base units, and `_total` behind a counter.
    enum Name: String, CaseIterable {
        case transactions = "voordracht_transactions_total"
        case failedTransactions = "voordracht_transactions_failed_total"
        case transactionTime = "voordracht_transaction_duration_seconds"
        case commitTime = "voordracht_commit_duration_seconds"
        case queueDepth = "voordracht_queue_depth"
        case verdicts = "voordracht_verdicts_total"
        case wakeUps = "voordracht_fanout_wakeups_total"
        case openPulls = "voordracht_pulls_open"
        case livePulls = "voordracht_pulls_live"
        case lag = "voordracht_live_pull_lag_positions"
        case connections = "voordracht_connections"
        case handshakes = "voordracht_tls_handshakes_total"
        case requests = "voordracht_requests_total"
        case limitRefusals = "voordracht_limit_refusals_total"
        case limitedDevices = "voordracht_limited_devices"
        case databaseBytes = "voordracht_database_bytes"
        case logBytes = "voordracht_wal_bytes"
        case freeBytes = "voordracht_disk_free_bytes"

        var help: String {
            switch self {
            case .transactions: "Transactions that were committed."
            case .failedTransactions: "Transactions of which nothing was kept."
            case .transactionTime: "From the beginning of a transaction to the end of its commit."
            case .commitTime:
                "The commit of a transaction alone: SQLite writes its log and syncs it to disk."
            case .queueDepth: "Pieces of work that wait for the one writer."
            case .verdicts: "Verdicts that were decided, by kind and, where there is a reason, by its code."
            case .wakeUps: "Waiting pulls that were woken by a commit."
            case .openPulls: "Pulls that are being answered, live ones among them."
            case .livePulls: "Live pulls that are open."
            case .lag:
                "The newest position minus what the live pull that is furthest behind has been given."
            case .connections: "TCP connections of devices that are open."
            case .handshakes: "TLS handshakes by outcome: full, resumed or failed."
            case .requests: "Requests that were answered, by route and status."
            case .limitRefusals: "Requests and pushes that were refused or slowed down by a limit, by limit."
            case .limitedDevices: "Devices and organisations whose use is remembered for their limits."
            case .databaseBytes: "The size of the database file."
            case .logBytes: "The size of SQLite's write-ahead log."
            case .freeBytes: "What is free for the server on the disk of its folder."
            }
        }
    }
}

extension PrometheusRegistry {
    /// A registry that describes the metrics of the server.
    public static func ofServer() -> PrometheusRegistry {
        var descriptions: [String: Description] = [:]
        for name in ServerMetrics.Name.allCases { descriptions[name.rawValue] = Description(name.help) }
        return PrometheusRegistry(describing: descriptions)
    }
}
