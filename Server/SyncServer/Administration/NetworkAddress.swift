/// Where a server listens, or under which name it is reached: a host and a port.
///
/// Its text form is `host:port`; an IPv6 address stands in brackets.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// A DNS name or an address, without brackets.
    public let host: String
    /// 0 to 65535; 0 asks the system for a free one.
    public let port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// nil for anything but `host:port`.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, host.utf8.count <= 253, host.allSatisfy(Self.isAllowed) else { return nil }
        self.init(host: String(host), port: Int(port))
    }

    private static func isAllowed(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-.:".contains(character))
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// The same host with another port.
    public func with(port: Int) -> NetworkAddress { NetworkAddress(host: host, port: port) }

    /// Whether only this machine reaches it.
    var isLoopback: Bool { host == "localhost" || host == "::1" || (isNumeric && host.hasPrefix("127.")) }

    /// Whether it stands for all addresses of this machine.
    var isUnspecified: Bool { host == "0.0.0.0" || host == "::" }

    /// Whether it is an address and no name.
    private var isNumeric: Bool { host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." } }

    /// Whether who asks for this address can come to a server that listens there, without anything in between
    /// that forwards; a name is given the benefit of the doubt.
    public func leads(to listened: NetworkAddress) -> Bool {
        guard port == listened.port else { return false }
        return host == listened.host || listened.isUnspecified || !isNumeric || !listened.isNumeric
    }
}

extension NetworkAddress: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let address = NetworkAddress(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(text) is not host:port")
        }
        self = address
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
