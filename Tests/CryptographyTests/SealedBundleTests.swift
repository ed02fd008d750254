import Foundation
import Testing

@testable import Cryptography

@Suite struct SealedBundleTests {
    private func code(of body: () throws -> [UInt8]) -> CryptographyError.Code? {
        do {
            _ = try body()
            return nil
        } catch { return (error as? CryptographyError)?.code }
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func whatIsSealedIsOpenedByItsKeyAlone(_ count: Int) throws {
        let key = try PrivateKey.generate()
        let text = RandomBytes.make(count: count)
        let sealed = try SealedBundle.seal(text, to: key.publicKey)
        #expect(sealed.count == SealedBundle.sealedBytes(of: count))
        #expect(try SealedBundle.open(sealed, with: PrivateKey(pem: key.pem)) == text)
        #expect(try SealedBundle.seal(text, to: key.publicKey) != sealed, "each file has a key of its own")
        let other = try PrivateKey.generate()
        #expect(code { try SealedBundle.open(sealed, with: other) } == .otherRecipient)
        // Nor does it help to say that it is for the other one.
        var renamed = sealed
        renamed.replaceSubrange(19..<51, with: SHA256.hash(other.publicKey.subjectPublicKeyInfo).bytes)
        #expect(code { try SealedBundle.open(renamed, with: other) } == .altered)
    }

    // P-120
    @Test func aFileThatIsAlteredInAnyByteIsNotOpened() throws {
        let key = try PrivateKey.generate()
        let sealed = try SealedBundle.seal(Array("drie wijzigingen".utf8), to: key.publicKey)
        for index in sealed.indices {
            for bit: UInt8 in [0x01, 0x80] {
                var altered = sealed
                altered[index] ^= bit
                let found = code { try SealedBundle.open(altered, with: key) }
                let expected: CryptographyError.Code =
                    switch index {
                    case ..<18: .malformed
                    case 18: .otherVersion
                    case ..<51: .otherRecipient
                    default: .altered
                    }
                #expect(found == expected, "byte \(index)")
            }
        }
    }

    // P-120
    @Test func aFileThatIsCutOffAnywhereIsNotOpened() throws {
        let key = try PrivateKey.generate()
        let short = try SealedBundle.seal([1, 2, 3], to: key.publicKey)
        for end in short.indices {
            let expected: CryptographyError.Code = end < 18 ? .malformed : end < 19 ? .otherVersion : .altered
            #expect(
                code { try SealedBundle.open(Array(short[..<end]), with: key) } == expected, "\(end) bytes")
        }
        #expect(code { try SealedBundle.open(short + [0], with: key) } == .altered)
        // At the end of a segment as well, and with one left out or doubled.
        let long = try SealedBundle.seal(RandomBytes.make(count: 3 * 65_536), to: key.publicKey)
        let segment = 65_536 + 16
        let (first, second) = (142 + segment, 142 + 2 * segment)
        let wrong = [
            Array(long[..<first]), Array(long[..<second]), Array(long[..<first] + long[second...]),
            Array(long[..<second] + long[first...]), Array(long[..<142]),
        ]
        for bytes in wrong { #expect(code { try SealedBundle.open(bytes, with: key) } == .altered) }
    }

    @Test func whatStandsInFrontIsWhatTheProtocolSays() throws {
        let key = try PrivateKey.generate()
        let sealed = try SealedBundle.seal([], to: key.publicKey)
        #expect(Array(sealed[..<19]) == Array("voordracht bundle 1".utf8))
        #expect(Array(sealed[19..<51]) == SHA256.hash(key.publicKey.subjectPublicKeyInfo).bytes)
        #expect(throws: Never.self) { try PublicKey(subjectPublicKeyInfo: Array(sealed[51..<142])) }
        #expect(sealed.count == 142 + 16)
    }

    /// The key is derived once more by the tool of OpenSSL, as PROTOCOL.md says.
    // P-120
    @Test func anotherProgramDerivesTheSameKey() throws {
        let folder = try TemporaryFolder()
        func hex(_ bytes: some Sequence<UInt8>) -> String {
            bytes.map { String(format: "%02x", $0) }.joined()
        }
        let (own, text) = (try PrivateKey.generate(), Array("drie wijzigingen".utf8))
        let sealed = try SealedBundle.seal(text, to: own.publicKey)
        let header = Array(sealed[..<142])
        let secretFile = folder.url.appending(path: "secret")
        let agreed = try OpenSSLTool.run([
            "pkeyutl", "-derive", "-inkey", try folder.write("own.pem", Array(own.pem.utf8)), "-peerkey",
            try folder.write("peer.der", Array(header[51...])), "-peerform", "DER",
            "-out", secretFile.path,
        ])
        try #require(agreed.status == 0, "\(agreed.errors)")
        let secret = try Data(contentsOf: secretFile)
        let derived = try OpenSSLTool.run([
            "kdf", "-keylen", "32", "-kdfopt", "digest:SHA256", "-kdfopt", "hexkey:\(hex(secret))",
            "-kdfopt", "hexinfo:\(hex(header))", "HKDF",
        ])
        try #require(derived.status == 0, "\(derived.errors)")
        let key = derived.output.split { !$0.isHexDigit }.compactMap { UInt8($0, radix: 16) }
        try #require(key.count == 32)
        let nonce = [UInt8](repeating: 0, count: 11) + [1]
        #expect(try AuthenticatedCipher.open(Array(sealed[142...]), key, nonce, header) == text)
    }
}
