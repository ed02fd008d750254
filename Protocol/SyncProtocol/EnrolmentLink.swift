public import ChangeLog

/// What a secretariat hands to a person: where the server is, how to know it, and a one-time secret.
///
/// `voordracht://enrol/` and base64url without padding (RFC 4648) of: version 1 (1 byte), the secret (16),
/// the SHA-256 fingerprint of the authority's certificate (32), the length of the address (1, so that a
/// link that was cut off is noticed), and the address `host:port` in UTF-8.
public struct EnrolmentLink: Hashable, Sendable {
    public let secret: Identifier128
    public let fingerprint: ChangeHash
    /// `host:port`, at most 255 bytes; an IPv6 address stands in brackets.
    public let address: String

    private static let scheme = "voordracht://enrol/"

    /// An address that is empty or longer is a programmer's error, and so a trap: a link with a part
    /// of it would lead nowhere.
    public init(secret: Identifier128, fingerprint: ChangeHash, address: String) {
        precondition((1...255).contains(address.utf8.count), "an address has 1 to 255 bytes: \(address)")
        self.secret = secret
        self.fingerprint = fingerprint
        self.address = address
    }

    public var text: String {
        let address = Array(address.utf8)
        return Self.scheme
            + Base64URL.text([1] + secret.bytes + fingerprint.bytes + [UInt8(address.count)] + address)
    }

    /// Throws when the text is no link, was cut off, or is of another version.
    public init(_ text: String) throws(ProtocolError) {
        let trimmed = text.drop { $0.isWhitespace }
        guard trimmed.hasPrefix(Self.scheme) else {
            throw Self.unreadable("it does not begin with \(Self.scheme)")
        }
        let code = trimmed.dropFirst(Self.scheme.count).prefix { !$0.isWhitespace }
        guard let bytes = Base64URL.bytes(code) else {
            throw Self.unreadable("it has a character that does not belong")
        }
        guard bytes.count > 50, bytes.count == 50 + Int(bytes[49]) else {
            throw Self.unreadable("it was cut off")
        }
        guard bytes[0] == 1 else {
            throw ProtocolError(.version, "the link is of version \(bytes[0]), this program knows version 1")
        }
        guard let secret = Identifier128(bytes: bytes[1..<17]), let print = ChangeHash(bytes: bytes[17..<49]),
            let address = String(validating: bytes[50...], as: UTF8.self), address.contains(":")
        else { throw Self.unreadable("its address is not host:port") }
        self.init(secret: secret, fingerprint: print, address: address)
    }

    private static func unreadable(_ why: String) -> ProtocolError {
        ProtocolError(.link, "This is no enrolment link: \(why)")
    }
}

/// Base64 with the URL alphabet and without padding (RFC 4648, section 5).
public enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    public static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(buffer >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << UInt32(6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// nil for a character outside the alphabet or left-over bits that are not 0.
    public static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for digit in text.utf8 {
            guard let value = alphabet.firstIndex(of: digit) else { return nil }
            buffer = (buffer << 6 | UInt32(value)) & 0xffff
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        guard bits < 6, buffer & (1 << UInt32(bits) - 1) == 0 else { return nil }
        return bytes
    }
}
