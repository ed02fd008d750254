import Cryptography
import Testing

@Suite struct KeyTests {
    let key: PrivateKey
    let message = Array("een voordracht".utf8)

    init() throws {
        key = try PrivateKey.generate()
    }

    @Test func verifiesWhatItSigned() throws {
        let signature = try key.sign(message)
        #expect(signature.count == 64)
        #expect(key.publicKey.verify(signature, over: message))
        #expect(try key.publicKey.verify(key.sign([]), over: []))
    }

    @Test func rejectsATamperedMessageOrSignature() throws {
        let signature = try key.sign(message)
        #expect(!key.publicKey.verify(signature, over: message + [0]))
        #expect(!key.publicKey.verify(signature, over: []))
        for index in signature.indices {
            var tampered = signature
            tampered[index] ^= 1
            #expect(!key.publicKey.verify(tampered, over: message))
        }
    }

    @Test func rejectsWhatIsNoSignature() throws {
        let signature = try key.sign(message)
        for bytes in [
            [], Array(signature.dropLast()), signature + [0], [UInt8](repeating: 0, count: 64),
            [UInt8](repeating: 0xFF, count: 64),
        ] {
            #expect(!key.publicKey.verify(bytes, over: message))
        }
        #expect(try !PrivateKey.generate().publicKey.verify(signature, over: message))
    }

    @Test func survivesAJourneyThroughPEM() throws {
        let restored = try PrivateKey(pem: key.pem)
        #expect(key.pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(restored.publicKey == key.publicKey)
        #expect(try key.publicKey.verify(restored.sign(message), over: message))
        let known = try PublicKey(subjectPublicKeyInfo: key.publicKey.subjectPublicKeyInfo)
        #expect(known == key.publicKey)
        #expect(try known.verify(key.sign(message), over: message))
    }

    @Test func rejectsKeysOfOtherKinds() throws {
        for algorithm in [
            ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
            ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
            ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            ["-algorithm", "ED25519"],
        ] {
            let pem = try OpenSSLTool.run(["genpkey"] + algorithm).output
            #expect(throws: CryptographyError.expected(.unsupportedKey)) { try PrivateKey(pem: pem) }
            let publicPEM = try OpenSSLTool.run(["pkey", "-pubout"], input: pem).output
            let der = try OpenSSLTool.bytes(ofPEM: publicPEM)
            #expect(throws: CryptographyError.expected(.unsupportedKey)) {
                try PublicKey(subjectPublicKeyInfo: der)
            }
        }
    }

    @Test func rejectsAnotherSpellingOfTheSameKey() throws {
        let point = try OpenSSLTool.run(
            ["pkey", "-pubout", "-ec_conv_form", "compressed"], input: key.pem
        ).output
        let compressed = try OpenSSLTool.bytes(ofPEM: point)
        #expect(compressed.count == 59)
        #expect(throws: CryptographyError.self) { try PublicKey(subjectPublicKeyInfo: compressed) }
        #expect(throws: CryptographyError.expected(.malformed)) {
            try PublicKey(subjectPublicKeyInfo: key.publicKey.subjectPublicKeyInfo + [0])
        }
    }

    @Test func rejectsAnEncryptedKeyWithoutAsking() throws {
        let encrypted = try OpenSSLTool.run(
            ["pkey", "-aes256", "-passout", "pass:geheim"], input: key.pem
        ).output
        #expect(throws: CryptographyError.expected(.malformed)) { try PrivateKey(pem: encrypted) }
        #expect(throws: CryptographyError.expected(.malformed)) { try PrivateKey(pem: "") }
    }

    @Test func opensslVerifiesItsSignature() throws {
        // r and s as the DER that openssl reads: both padded, so that no sign can appear.
        let signature = try key.sign(message)
        let integers = [signature[..<32], signature[32...]].map { half -> [UInt8] in
            let digits = Array(half.drop { $0 == 0 })
            let padded = (digits.first ?? 0) >= 0x80 ? [0] + digits : digits
            return [0x02, UInt8(padded.count)] + padded
        }
        let content = integers[0] + integers[1]
        let folder = try TemporaryFolder()
        let verdict = try OpenSSLTool.run([
            "dgst", "-sha256", "-prverify", folder.write("key.pem", Array(key.pem.utf8)),
            "-signature", folder.write("signature", [0x30, UInt8(content.count)] + content),
            folder.write("message", message),
        ])
        #expect(verdict.status == 0 && verdict.output.contains("Verified OK"))
    }

    @Test func survivesMutatedKeys() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        let original = key.publicKey.subjectPublicKeyInfo
        for _ in 0..<5000 {
            let mutated = random.mutation(of: original)
            guard let read = try? PublicKey(subjectPublicKeyInfo: mutated) else { continue }
            // What is read must be canonical: the same bytes come out.
            #expect(read.subjectPublicKeyInfo == mutated, "seed \(seed)")
        }
    }
}
