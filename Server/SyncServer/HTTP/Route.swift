import HTTPTypes

/// The addresses of the HTTP interface.
enum Route: String, CaseIterable {
    case health = "/healthz"
    case readiness = "/readyz"
    case enrol = "/enrol"
    case push = "/push"
    case pull = "/pull"
    case bundle = "/bundle"

    /// Whether it is open to somebody without the certificate of a device.
    var isOpen: Bool {
        switch self {
        case .health, .readiness, .enrol: true
        case .push, .pull, .bundle: false
        }
    }

    var methods: [HTTPRequest.Method] {
        switch self {
        case .health, .readiness: [.get]
        case .enrol, .push, .bundle: [.post]
        case .pull: [.post, .get]
        }
    }

    /// - Throws: `RequestFailure` with status 405.
    func check(_ method: HTTPRequest.Method) throws {
        guard methods.contains(method) else {
            let allowed = methods.map(\.rawValue).joined(separator: ", ")
            throw RequestFailure(
                .methodNotAllowed, .methodNotAllowed, "\(method.rawValue) \(rawValue)",
                fields: [.allow: allowed])
        }
    }
}
