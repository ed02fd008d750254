public import Cryptography

/// The keys of a server: the authority that certifies devices, the certificate that TLS shows, and the
/// key that signs the server's own changes.
public struct ServerIdentity: Sendable {
    public let authority: CertificateAuthority
    public let authorityKey: PrivateKey
    public let certificate: Certificate
    public let key: PrivateKey
    public let signingKey: PrivateKey
    /// Opens bundles, and is for nothing else.
    public let bundleKey: PrivateKey

    /// How long each certificate is valid, days; and how long before its end the server's is renewed.
    public enum Validity {
        public static let authority = 7300
        public static let server = 825
        public static let device = 3650
        public static let renewal = 60
    }

    private enum Name {
        static let authority = "authority.pem"
        static let authorityKey = "authority.key"
        static let server = "server.pem"
        static let signingKey = "signing.key"
        static let bundleKey = "bundle.key"
    }

    /// The files in a server's folder that hold all of it.
    static let files = [Name.authorityKey, Name.authority, Name.signingKey, Name.server, Name.bundleKey]

    /// Those of a server that was made before there were bundles.
    static let olderFiles = files.filter { $0 != Name.bundleKey }

    /// New keys.
    ///
    /// - Parameter now: seconds since 1970.
    static func create(hosts: [String], now: Int64) throws -> ServerIdentity {
        let authorityKey = try PrivateKey.generate()
        let authority = try CertificateAuthority.create(
            commonName: "Voordracht device authority", key: authorityKey, now: now,
            validForDays: Validity.authority)
        let key = try PrivateKey.generate()
        let certificate = try authority.issueServer(
            key: key.publicKey, hosts: hosts, now: now, validForDays: Validity.server)
        return ServerIdentity(
            authority: authority, authorityKey: authorityKey, certificate: certificate, key: key,
            signingKey: try PrivateKey.generate(), bundleKey: try PrivateKey.generate())
    }

    /// The same authority and signing key, with a new certificate where the server's is near its end or
    /// does not name all hosts; nil where it will do.
    func renewed(hosts: [String], now: Int64) throws -> ServerIdentity? {
        let isNearEnd = certificate.notAfter - now < Int64(Validity.renewal) * 86_400
        guard isNearEnd || !hosts.allSatisfy(certificate.names) else { return nil }
        let key = try PrivateKey.generate()
        let certificate = try authority.issueServer(
            key: key.publicKey, hosts: hosts, now: now, validForDays: Validity.server)
        return ServerIdentity(
            authority: authority, authorityKey: authorityKey, certificate: certificate, key: key,
            signingKey: signingKey, bundleKey: bundleKey)
    }

    static func read(from folder: DataFolder) throws -> ServerIdentity {
        let authorityKey = try key(Name.authorityKey, in: folder)
        let serverKey = try key(Name.server, in: folder)
        return ServerIdentity(
            authority: CertificateAuthority(
                certificate: try certificate(Name.authority, of: authorityKey, in: folder), key: authorityKey),
            authorityKey: authorityKey,
            certificate: try certificate(Name.server, of: serverKey, in: folder), key: serverKey,
            signingKey: try key(Name.signingKey, in: folder), bundleKey: try bundleKey(in: folder))
    }

    /// A server that has none gets one, and writes it down before anybody is told.
    private static func bundleKey(in folder: DataFolder) throws -> PrivateKey {
        if folder.has(Name.bundleKey) { return try key(Name.bundleKey, in: folder) }
        let made = try PrivateKey.generate()
        try folder.write(made.pem, to: Name.bundleKey)
        return made
    }

    private static func key(_ name: String, in folder: DataFolder) throws -> PrivateKey {
        let text = try folder.readText(name)
        do {
            return try PrivateKey(pem: text)
        } catch {
            throw damaged(folder.path(of: name))
        }
    }

    private static func certificate(
        _ name: String, of key: PrivateKey, in folder: DataFolder
    ) throws -> Certificate {
        let text = try folder.readText(name)
        let certificate: Certificate
        do {
            certificate = try Certificate(pem: text)
        } catch {
            throw damaged(folder.path(of: name))
        }
        guard certificate.publicKey == key.publicKey else {
            throw damaged(folder.path(of: name))
        }
        return certificate
    }

    private static func damaged(_ place: String) -> AdministrationError {
        AdministrationError(.folderDamaged, place, place: place)
    }

    func write(to folder: DataFolder) throws {
        try folder.write(authorityKey.pem, to: Name.authorityKey)
        try folder.write(authority.certificate.pem, to: Name.authority)
        try folder.write(signingKey.pem, to: Name.signingKey)
        try folder.write(bundleKey.pem, to: Name.bundleKey)
        try writeServer(to: folder)
    }

    /// Key and certificate in one file, so that a crash leaves two that belong together.
    func writeServer(to folder: DataFolder) throws {
        try folder.write(key.pem + certificate.pem, to: Name.server)
    }
}
