import Cryptography

/// A certificate in DER or PEM, read by libcrypto: one that is taken is written in the bytes it came in.
enum CertificateTarget {
    static func check(_ bytes: [UInt8]) throws {
        do {
            let certificate = try Certificate(der: bytes)
            try promise(certificate.der == bytes, "a certificate has other bytes than it came in")
            try check(certificate)
        } catch is CryptographyError {
            // Refused: that may be.
        }
        do {
            try check(try Certificate(pem: String(decoding: bytes, as: UTF8.self)))
        } catch is CryptographyError {
            // Refused: that may be.
        }
        do {
            let key = try PublicKey(subjectPublicKeyInfo: bytes)
            try promise(key.subjectPublicKeyInfo == bytes, "a key has other bytes than it came in")
            try promise(!key.verify(Array(repeating: 1, count: 64), over: bytes), "a signature by nobody")
        } catch is CryptographyError {
            // Refused: that may be.
        }
    }

    private static func check(_ certificate: Certificate) throws {
        try promise(certificate.der.count <= Certificate.limit, "a certificate beyond the limit")
        let again = try Certificate(pem: certificate.pem)
        try promise(again == certificate, "a certificate reads back as another")
        try promise(again.commonName.utf8.elementsEqual(certificate.commonName.utf8), "another name")
    }
}
