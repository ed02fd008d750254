import HTTPTypes

extension RequestFailure {
    /// Not now: status 429, and in `Retry-After` how many seconds to wait (RFC 9110, section 10.2.3).
    init(_ refusal: Traffic.Refusal) {
        let failure: AdministrationFailure =
            switch refusal.limit {
            case .changes: .limitChanges
            case .bytes: .limitBytes
            case .requests: .limitRequests
            case .pulls: .limitPulls
            case .connections: .limitConnections
            }
        let seconds = max((refusal.waitMilliseconds + 999) / 1000, 1)
        self.init(.tooManyRequests, failure, fields: [.retryAfter: String(seconds)])
    }
}
