import COpenSSL

/// What a new certificate will say, before somebody signs it (RFC 5280).
struct CertificateTemplate {
    let commonName: String
    let key: PublicKey
    let notBefore: Int64
    let notAfter: Int64
    let extensions: [Extension]

    /// An extension in the notation of OpenSSL's configuration.
    struct Extension {
        let identifier: Int32
        let value: String

        static let authority: [Extension] = [
            Extension(identifier: NID_basic_constraints, value: "critical,CA:TRUE,pathlen:0"),
            Extension(identifier: NID_key_usage, value: "critical,keyCertSign,cRLSign"),
            Extension(identifier: NID_subject_key_identifier, value: "hash"),
        ]

        static let leaf: [Extension] = [
            Extension(identifier: NID_basic_constraints, value: "critical,CA:FALSE"),
            Extension(identifier: NID_key_usage, value: "critical,digitalSignature"),
            Extension(identifier: NID_subject_key_identifier, value: "hash"),
            Extension(identifier: NID_authority_key_identifier, value: "keyid:always"),
        ]
    }

    /// The certificate, signed by `signer` in the name of `issuer`; by itself when that is `nil`.
    func signed(by signer: PrivateKey, issuer: Certificate?) throws(CryptographyError) -> Certificate {
        ErrorQueue.clear()
        guard let pointer = X509_new() else { throw .libraryFailure("make a certificate") }
        defer { X509_free(pointer) }
        try DistinguishedName.write(commonName, to: X509_get_subject_name(pointer))
        let issuerPointer = issuer?.handle.pointer ?? pointer
        guard X509_set_version(pointer, 2) == 1,
            X509_set_issuer_name(pointer, X509_get_subject_name(issuerPointer)) == 1,
            X509_set_pubkey(pointer, key.handle.pointer) == 1,
            setSerialNumber(of: pointer), setPeriod(of: pointer)
        else { throw .libraryFailure("make a certificate") }
        try addExtensions(to: pointer, issuer: issuerPointer)
        guard X509_sign(pointer, signer.handle.pointer, EVP_sha256()) > 0 else {
            throw .libraryFailure("sign a certificate")
        }
        guard let der = DER.write({ i2d_X509(pointer, $0) }) else {
            throw .libraryFailure("sign a certificate")
        }
        return try Certificate(der: der)
    }

    /// 16 random bytes, positive and without a leading zero, so that no two authorities need to agree.
    private func setSerialNumber(of pointer: OpaquePointer) -> Bool {
        var bytes = RandomBytes.make(count: 16)
        bytes[0] = bytes[0] & 0x7F | 0x40
        guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { return false }
        defer { BN_free(number) }
        return BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil
    }

    private func setPeriod(of pointer: OpaquePointer) -> Bool {
        ASN1_TIME_set(X509_getm_notBefore(pointer), Int(notBefore)) != nil
            && ASN1_TIME_set(X509_getm_notAfter(pointer), Int(notAfter)) != nil
    }

    private func addExtensions(to pointer: OpaquePointer, issuer: OpaquePointer) throws(CryptographyError) {
        var context = X509V3_CTX()
        openssl_x509v3_set_context(&context, issuer, pointer)
        for item in extensions {
            guard let made = X509V3_EXT_conf_nid(nil, &context, item.identifier, item.value) else {
                throw .libraryFailure("write an extension")
            }
            defer { X509_EXTENSION_free(made) }
            guard X509_add_ext(pointer, made, -1) == 1 else { throw .libraryFailure("add an extension") }
        }
    }
}
