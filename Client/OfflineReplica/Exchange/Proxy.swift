import Foundation

/// A proxy that leads out of this network by the method CONNECT (RFC 9110, section 9.3.6).
struct Proxy: Hashable, Sendable, CustomStringConvertible {
    let host: String
    let port: Int
    /// The value of `Proxy-Authorization`; nil where the proxy asks for none.
    let authorization: String?

    /// Without what it is entered with, since it is shown to people.
    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// What the environment of this process names for a server.
    static func ofProcess(for address: ServerAddress) throws(ConnectionError) -> Proxy? {
        try chosen(for: address, in: ProcessInfo.processInfo.environment)
    }

    /// `https_proxy` or `HTTPS_PROXY`, unless `no_proxy` or `NO_PROXY` names the server.
    ///
    /// - Throws: `proxyMalformed`.
    static func chosen(
        for address: ServerAddress, in environment: [String: String]
    ) throws(ConnectionError) -> Proxy? {
        guard let text = value("https_proxy", environment), !isExcepted(address, environment) else {
            return nil
        }
        guard let proxy = Proxy(text) else {
            throw ConnectionError(.proxyMalformed, "HTTPS_PROXY names no proxy of the form http://host:port")
        }
        return proxy
    }

    /// In small letters first, as curl has it.
    private static func value(_ name: String, _ environment: [String: String]) -> String? {
        [name, name.uppercased()].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }

    /// `[http://][user:password@]host[:port][/]`; port 80 where none is given.
    init?(_ text: String) {
        var rest = text[...]
        if let scheme = rest.range(of: "://") {
            guard rest[..<scheme.lowerBound].lowercased() == "http" else { return nil }
            rest = rest[scheme.upperBound...]
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        var authorization: String?
        if let at = rest.lastIndex(of: "@") {
            guard let login = String(rest[..<at]).removingPercentEncoding else { return nil }
            authorization = "Basic " + Data(login.utf8).base64EncodedString()
            rest = rest[rest.index(after: at)...]
        }
        let hasPort = rest.last == "]" ? false : rest.contains(":")
        guard let address = ServerAddress(hasPort ? String(rest) : rest + ":80"),
            address.host.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 47 })
        else { return nil }
        (host, port, self.authorization) = (address.host, address.port, authorization)
    }

    /// Whether the list names the server: `*`, a host, a domain with all below it, or one of those with a port.
    private static func isExcepted(_ address: ServerAddress, _ environment: [String: String]) -> Bool {
        let host = address.host.lowercased()
        let list = (value("no_proxy", environment) ?? "").lowercased()
        return list.split(whereSeparator: { $0 == "," || $0.isWhitespace }).contains { entry in
            if entry == "*" { return true }
            var name = String(entry)
            if let whole = ServerAddress(name), !(name.contains("::") && name.first != "[") {
                guard whole.port == address.port else { return false }
                name = whole.host
            }
            if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
            if name.hasPrefix(".") { name = String(name.dropFirst()) }
            return host == name || host.hasSuffix("." + name)
        }
    }
}
