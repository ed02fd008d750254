import Cryptography

/// A request for a certificate in DER or PEM: one that is taken is signed by its own key, and reads back.
enum RequestTarget {
    static func check(_ bytes: [UInt8]) throws {
        do {
            let request = try CertificateRequest(der: bytes)
            try promise(request.der == bytes, "a request has other bytes than it came in")
            try check(request)
        } catch is CryptographyError {
            // Refused: that may be.
        }
        do {
            try check(try CertificateRequest(pem: String(decoding: bytes, as: UTF8.self)))
        } catch is CryptographyError {
            // Refused: that may be.
        }
    }

    private static func check(_ request: CertificateRequest) throws {
        let again = try CertificateRequest(pem: request.pem)
        try promise(again.der == request.der, "a request reads back as another")
        try promise(again.publicKey == request.publicKey, "a request reads back with another key")
    }
}
