import COpenSSL

/// A certificate authority: a certificate that may sign others, and its private key.
///
/// It signs leaf certificates only; there are no intermediate authorities.
public struct CertificateAuthority: Sendable {
    public let certificate: Certificate
    let key: PrivateKey

    /// How long before `now` a certificate becomes valid, in seconds: a device whose clock is
    /// somewhat slow can use it at once.
    public static let backdating: Int64 = 3600

    /// The longest validity, in days.
    public static let longestValidity = 36_500

    /// An authority that exists already; `key` must be that of `certificate`, or issuing fails.
    public init(certificate: Certificate, key: PrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// A new authority with a certificate signed by itself.
    ///
    /// - Parameters:
    ///   - commonName: 1 to 64 characters.
    ///   - now: seconds since 1970.
    ///   - validForDays: 1 to 36,500.
    /// - Throws: `.invalidField` for anything outside these bounds.
    public static func create(
        commonName: String, key: PrivateKey, now: Int64, validForDays: Int
    ) throws(CryptographyError) -> CertificateAuthority {
        let period = try period(now: now, days: validForDays)
        let template = CertificateTemplate(
            commonName: commonName, key: key.publicKey, notBefore: period.lowerBound,
            notAfter: period.upperBound, extensions: CertificateTemplate.Extension.authority)
        return CertificateAuthority(certificate: try template.signed(by: key, issuer: nil), key: key)
    }

    /// A certificate for a server that is reached under `hosts`.
    ///
    /// It never outlives that of the authority.
    ///
    /// - Parameters:
    ///   - hosts: DNS names (a first label `*` is allowed) or IPv4 and IPv6 addresses, at least
    ///     one; the first becomes the common name if it fits.
    ///   - now: seconds since 1970.
    ///   - validForDays: 1 to 36,500.
    /// - Throws: `.invalidField` for a host that is neither, or a bad period; `.keyMismatch`.
    public func issueServer(
        key: PublicKey, hosts: [String], now: Int64, validForDays: Int
    ) throws(CryptographyError) -> Certificate {
        var names: [String] = []
        for host in hosts {
            guard let name = SubjectName(host) else {
                throw CryptographyError(
                    .invalidField, "“\(host)” is neither a host name nor an IP address",
                    remedy: "Give names such as voordracht.example.org, or addresses such as 192.0.2.1")
            }
            names.append(name.notation)
        }
        guard let first = hosts.first else {
            throw CryptographyError(
                .invalidField, "A server certificate needs a host", remedy: "Name at least one host")
        }
        return try issue(
            commonName: first.utf8.count <= DistinguishedName.longest ? first : "server", key: key,
            purpose: [
                .init(identifier: NID_ext_key_usage, value: "serverAuth"),
                .init(identifier: NID_subject_alt_name, value: names.joined(separator: ",")),
            ],
            now: now, validForDays: validForDays)
    }

    /// A certificate for a device, under a name that the server chooses.
    ///
    /// The name in the request is ignored. It never outlives the certificate of the authority.
    ///
    /// - Parameters:
    ///   - commonName: 1 to 64 characters.
    ///   - now: seconds since 1970.
    ///   - validForDays: 1 to 36,500.
    /// - Throws: `.invalidField` for a bad name or period; `.keyMismatch`.
    public func issueDevice(
        request: CertificateRequest, commonName: String, now: Int64, validForDays: Int
    ) throws(CryptographyError) -> Certificate {
        try issueDevice(key: request.publicKey, commonName: commonName, now: now, validForDays: validForDays)
    }

    /// The same for a key of which something else than a request proves that the device holds it.
    public func issueDevice(
        key: PublicKey, commonName: String, now: Int64, validForDays: Int
    ) throws(CryptographyError) -> Certificate {
        try issue(
            commonName: commonName, key: key,
            purpose: [.init(identifier: NID_ext_key_usage, value: "clientAuth")],
            now: now, validForDays: validForDays)
    }

    private func issue(
        commonName: String, key subject: PublicKey, purpose: [CertificateTemplate.Extension],
        now: Int64, validForDays: Int
    ) throws(CryptographyError) -> Certificate {
        guard key.publicKey == certificate.publicKey else {
            throw CryptographyError(
                .keyMismatch, "The private key does not belong to the certificate of the authority",
                remedy: "Restore the key and the certificate from the same backup")
        }
        let period = try Self.period(now: now, days: validForDays)
        let end = min(period.upperBound, certificate.notAfter)
        guard period.lowerBound < end else {
            throw CryptographyError(
                .invalidField, "The certificate of the authority has expired",
                remedy: "Create a new authority and enrol the devices again")
        }
        let template = CertificateTemplate(
            commonName: commonName, key: subject, notBefore: period.lowerBound, notAfter: end,
            extensions: CertificateTemplate.Extension.leaf + purpose)
        return try template.signed(by: key, issuer: certificate)
    }

    private static func period(now: Int64, days: Int) throws(CryptographyError) -> ClosedRange<Int64> {
        // Until the year 9000: a certificate can say years of four digits only.
        guard (0...221_845_392_000).contains(now), (1...longestValidity).contains(days) else {
            throw CryptographyError(
                .invalidField, "A certificate is valid for 1 to \(longestValidity) days from now",
                remedy: "Give another number of days, and check the clock")
        }
        return now - backdating...now + Int64(days) * 86_400
    }
}
