import Cryptography
import Testing

@Suite struct CertificateTests {
    /// 2026-11-23 06:00:00 UTC.
    let now: Int64 = 1_795_413_600
    let key: PrivateKey
    let authority: CertificateAuthority

    init() throws {
        key = try PrivateKey.generate()
        authority = try CertificateAuthority.create(
            commonName: "Voordracht test", key: key, now: now, validForDays: 3650)
    }

    private func verify(_ certificate: Certificate, purpose: String, extra: [String] = []) throws -> Bool {
        let folder = try TemporaryFolder()
        let root = try folder.write("root.pem", Array(authority.certificate.pem.utf8))
        let leaf = try folder.write("leaf.pem", Array(certificate.pem.utf8))
        return try OpenSSLTool.run(
            ["verify", "-x509_strict", "-attime", "\(now)", "-purpose", purpose, "-CAfile", root]
                + extra + [leaf]
        ).status == 0
    }

    @Test func opensslAcceptsAServerUnderItsHostsOnly() throws {
        let leaf = try authority.issueServer(
            key: PrivateKey.generate().publicKey,
            hosts: ["sync.example.org", "*.example.net", "127.0.0.1", "::1"], now: now, validForDays: 90)
        for host in ["sync.example.org", "een.example.net"] {
            #expect(try verify(leaf, purpose: "sslserver", extra: ["-verify_hostname", host]))
        }
        for address in ["127.0.0.1", "::1"] {
            #expect(try verify(leaf, purpose: "sslserver", extra: ["-verify_ip", address]))
        }
        #expect(try !verify(leaf, purpose: "sslserver", extra: ["-verify_hostname", "example.org"]))
        #expect(try !verify(leaf, purpose: "sslserver", extra: ["-verify_ip", "127.0.0.2"]))
        #expect(try !verify(leaf, purpose: "sslclient"))
        for host in ["sync.example.org", "een.example.net", "127.0.0.1", "::1"] { #expect(leaf.names(host)) }
        for host in ["example.org", "sync.example.or", "127.0.0.2", "::2", ""] { #expect(!leaf.names(host)) }
    }

    @Test func opensslAcceptsADeviceUnderTheChosenName() throws {
        let request = try CertificateRequest.make(key: PrivateKey.generate(), commonName: "wens")
        let leaf = try authority.issueDevice(
            request: request, commonName: "apparaat-één", now: now, validForDays: 365)
        #expect(leaf.commonName == "apparaat-één")
        #expect(leaf.publicKey == request.publicKey)
        #expect(try verify(leaf, purpose: "sslclient"))
        #expect(try !verify(leaf, purpose: "sslserver"))
        let other = try CertificateAuthority.create(
            commonName: "Voordracht test", key: PrivateKey.generate(), now: now, validForDays: 10)
        #expect(try !verify(other.certificate, purpose: "sslclient"))
        let foreign = try other.issueDevice(request: request, commonName: "x", now: now, validForDays: 5)
        #expect(try !verify(foreign, purpose: "sslclient"))
    }

    @Test func saysTheSameAsOpenssl() throws {
        let leaf = try authority.issueServer(
            key: key.publicKey, hosts: ["sync.example.org"], now: now, validForDays: 90)
        let text = try OpenSSLTool.run(
            ["x509", "-noout", "-serial", "-fingerprint", "-sha256", "-dates", "-subject", "-text"],
            input: leaf.pem
        ).output
        let serial = leaf.serialNumber.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        #expect(text.contains("serial=\(serial)\n"))
        let printed = text.split(separator: "\n").first { $0.contains("Fingerprint=") }
        let digits = printed?.split(separator: "=").last?.filter { $0 != ":" }.lowercased()
        #expect(digits == leaf.fingerprint.hex)
        #expect(leaf.fingerprint == SHA256.hash(leaf.der))
        #expect(leaf.notBefore == now - CertificateAuthority.backdating)
        #expect(leaf.notAfter == now + 90 * 86_400)
        #expect(text.contains("notBefore=Nov 23 05:00:00 2026 GMT"))
        #expect(text.contains("notAfter=Feb 21 06:00:00 2027 GMT"))
        #expect(text.contains("X509v3 Basic Constraints: critical\n                CA:FALSE\n"))
        #expect(text.contains("X509v3 Key Usage: critical"))
        #expect(text.contains("X509v3 Subject Key Identifier"))
        #expect(text.contains("X509v3 Authority Key Identifier"))
    }

    @Test func readsDatesBeyond2050() throws {
        let late = try CertificateAuthority.create(
            commonName: "Laat", key: key, now: 4_102_444_800, validForDays: 36_500)
        #expect(late.certificate.notAfter == 4_102_444_800 + 36_500 * 86_400)
        #expect(late.certificate.notBefore == 4_102_444_800 - 3600)
    }

    @Test func survivesAJourneyThroughItsForms() throws {
        let certificate = authority.certificate
        #expect(try Certificate(der: certificate.der) == certificate)
        #expect(try Certificate(pem: "ruis\n" + certificate.pem) == certificate)
        let request = try CertificateRequest.make(key: key, commonName: "een")
        #expect(try CertificateRequest(pem: request.pem).der == request.der)
        #expect(try CertificateRequest(der: request.der).commonName == "een")
        #expect(try OpenSSLTool.run(["req", "-verify", "-noout"], input: request.pem).status == 0)
    }

    @Test func neverOutlivesItsAuthority() throws {
        let brief = try CertificateAuthority.create(
            commonName: "Kort", key: key, now: now, validForDays: 10)
        let leaf = try brief.issueServer(key: key.publicKey, hosts: ["a.nl"], now: now, validForDays: 90)
        #expect(leaf.notAfter == brief.certificate.notAfter)
        #expect(throws: CryptographyError.expected(.invalidField)) {
            try brief.issueServer(
                key: key.publicKey, hosts: ["a.nl"], now: now + 11 * 86_400, validForDays: 1)
        }
    }

    @Test(arguments: [
        "", "a,DNS:b.nl", "a b", "-a.nl", "a-.nl", "a..nl", ".nl", "a.nl.", "é.nl", "1.2.3", "1.2.3.256",
        ":::", "*.nl", "a.*.nl", "*", "a\u{0}.nl", "127.0.0.1,DNS:a.nl", "a_b.nl", "dirName:x",
    ])
    func refusesWhatIsNoHost(host: String) {
        #expect(throws: CryptographyError.expected(.invalidField)) {
            try authority.issueServer(key: key.publicKey, hosts: [host], now: now, validForDays: 1)
        }
    }

    @Test func refusesBadNamesAndPeriods() throws {
        let request = try CertificateRequest.make(key: key, commonName: "een")
        for name in ["", "a\u{0}b", "a\nb", String(repeating: "a", count: 65)] {
            #expect(throws: CryptographyError.expected(.invalidField)) {
                try authority.issueDevice(request: request, commonName: name, now: now, validForDays: 1)
            }
        }
        for (time, days) in [(now, 0), (now, -1), (now, .max), (.max, 1), (.min, 1), (-1, 1)] {
            #expect(throws: CryptographyError.expected(.invalidField)) {
                try authority.issueDevice(
                    request: request, commonName: "a", now: time, validForDays: days)
            }
        }
        #expect(throws: CryptographyError.expected(.invalidField)) {
            try authority.issueServer(key: key.publicKey, hosts: [], now: now, validForDays: 1)
        }
    }

    @Test func refusesToSignWithAnotherKey() throws {
        let wrong = try CertificateAuthority(certificate: authority.certificate, key: .generate())
        #expect(throws: CryptographyError.expected(.keyMismatch)) {
            try wrong.issueServer(key: key.publicKey, hosts: ["a.nl"], now: now, validForDays: 1)
        }
    }

    @Test func refusesARequestThatAnotherKeySigned() throws {
        let request = try CertificateRequest.make(key: key, commonName: "een")
        var tampered = request.der
        let name = try #require(tampered.firstRange(of: Array("een".utf8)))
        tampered[name.lowerBound] = UInt8(ascii: "t")
        #expect(throws: CryptographyError.expected(.invalidSignature)) {
            try CertificateRequest(der: tampered)
        }
    }

    @Test func refusesACertificateOfAnotherKind() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("key.pem", [])
        let rsa = try OpenSSLTool.run([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", path, "-subj", "/CN=a",
        ]).output
        #expect(throws: CryptographyError.expected(.unsupportedKey)) { try Certificate(pem: rsa) }
    }

    @Test func survivesMutatedBytes() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        let certificate = authority.certificate.der
        let request = try CertificateRequest.make(key: key, commonName: "een").der
        for _ in 0..<5000 {
            let bytes = random.mutation(of: certificate)
            if let read = try? Certificate(der: bytes) {
                #expect(read.der == bytes, "seed \(seed)")
                #expect(try Certificate(pem: read.pem) == read, "seed \(seed)")
            }
            let asked = random.mutation(of: request)
            if let read = try? CertificateRequest(der: asked) {
                #expect(read.der == asked && read.publicKey == key.publicKey, "seed \(seed)")
            }
        }
        for garbage in [[], [0x30], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], [UInt8](repeating: 0, count: 99)] {
            #expect(throws: CryptographyError.expected(.malformed)) { try Certificate(der: garbage) }
            #expect(throws: CryptographyError.expected(.malformed)) { try CertificateRequest(der: garbage) }
            #expect(throws: CryptographyError.expected(.malformed)) {
                try PublicKey(subjectPublicKeyInfo: garbage)
            }
        }
    }
}
