import ChangeLog
import HTTPTypes

/// The addresses of the HTTP interface.
enum Route: String, CaseIterable {
    case health = "/healthz"
    case readiness = "/readyz"
    case enrol = "/enrol"
    case certificate = "/certificate"
    case push = "/push"
    case pull = "/pull"
    case bundle = "/bundle"
    case declined = "/declined"
    /// With the name of a segment behind it.
    case segment = "/segment/"

    init?(path: String) {
        self.init(rawValue: path.hasPrefix(Self.segment.rawValue) ? Self.segment.rawValue : path)
    }

    /// The segment that a path names: 64 hexadecimal digits in lower case.
    static func segment(at path: String) -> ChangeHash? {
        guard path.hasPrefix(segment.rawValue) else { return nil }
        let name = String(path.dropFirst(segment.rawValue.count))
        guard let hash = Hexadecimal.bytes(name).flatMap({ ChangeHash(bytes: $0) }), hash.description == name
        else { return nil }
        return hash
    }

    /// Whether it is open to somebody without the certificate of a device.
    var isOpen: Bool {
        switch self {
        case .health, .readiness, .enrol: true
        case .certificate, .push, .pull, .bundle, .declined, .segment: false
        }
    }

    var methods: [HTTPRequest.Method] {
        switch self {
        case .health, .readiness, .declined, .segment: [.get]
        case .enrol, .certificate, .push, .bundle: [.post]
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
