import Foundation
import Glibc

/// What a server was told when it was made, and which port it took since.
public struct WorkspaceConfiguration: Hashable, Sendable, Codable {
    /// Under which names and ports devices reach the server; links carry the first. At least one.
    public var addresses: [NetworkAddress]
    /// The name of the association, as people know it.
    public var association: String
    /// The port that the server last listened on, where links carry that one; else nil.
    public var takenPort: Int?

    static let name = "configuration.json"
    /// Where devices reach a server that was told nothing.
    public static let standardAddress = NetworkAddress(host: "127.0.0.1", port: 8443)

    public init(addresses: [NetworkAddress], association: String) {
        self.addresses = addresses.isEmpty ? [Self.standardAddress] : addresses
        self.association = association
    }

    /// What links carry from now on.
    public var address: NetworkAddress {
        guard let first = addresses.first else { return Self.standardAddress }
        return takenPort.map(first.with(port:)) ?? first
    }

    /// New devices reach the server under these addresses from now on. Those that are enrolled keep to the
    /// ones of before, which the certificate must go on naming.
    mutating func move(to addresses: [NetworkAddress]) {
        self.addresses = addresses + self.addresses.filter { !addresses.contains($0) }
        takenPort = nil
    }

    /// Whether links carry the port that is listened on, and not that of the first address.
    ///
    /// So where the system chose it, and where nobody but this machine is reached: between a public address
    /// and the server may stand what knows another port.
    func followsPort(of listened: NetworkAddress) -> Bool {
        guard let first = addresses.first else { return false }
        let staysHere = first.isLoopback && (listened.isLoopback || listened.isUnspecified)
        return listened.port == 0 || first.port == 0 || staysHere
    }

    static func read(from folder: DataFolder) throws(AdministrationError) -> WorkspaceConfiguration {
        guard folder.has(name) else {
            guard errno != EACCES else { throw AdministrationError(system: errno, place: folder.path) }
            throw AdministrationError(.folderMissing, folder.path, place: folder.path)
        }
        let bytes = try folder.read(name)
        do {
            return try JSONDecoder().decode(WorkspaceConfiguration.self, from: Data(bytes))
        } catch {
            let file = folder.path(of: name)
            throw AdministrationError(.folderDamaged, file, place: file)
        }
    }

    func write(to folder: DataFolder) throws(AdministrationError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data: Data
        do {
            data = try encoder.encode(self)
        } catch {
            throw AdministrationError(.failed, "\(error)", place: folder.path(of: Self.name))
        }
        try folder.write(Array(data) + [0x0a], to: Self.name)
    }
}
