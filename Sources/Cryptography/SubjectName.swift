import COpenSSL

/// A host as it stands in a server certificate: a DNS name or an IP address (RFC 6125).
struct SubjectName {
    /// The entry in the notation of OpenSSL's configuration, such as `DNS:example.org`.
    let notation: String

    /// `nil` for anything that is neither a host name in ASCII nor an address.
    ///
    /// Strict, since the notation separates entries by commas: `a,DNS:b` must not become two.
    init?(_ host: String) {
        let bytes = Array(host.utf8)
        if Self.isAddress(host, bytes) {
            notation = "IP:\(host)"
        } else if Self.isDomain(bytes) {
            notation = "DNS:\(host)"
        } else {
            return nil
        }
    }

    private static func isAddress(_ host: String, _ bytes: [UInt8]) -> Bool {
        let allowed = Array("0123456789abcdefABCDEF:.".utf8)
        guard bytes.count <= 45, bytes.allSatisfy(allowed.contains) else { return false }
        guard let address = a2i_IPADDRESS(host) else {
            // The reason stays in the queue otherwise, and would surface at another failure.
            ErrorQueue.clear()
            return false
        }
        ASN1_STRING_free(address)
        return true
    }

    private static func isDomain(_ bytes: [UInt8]) -> Bool {
        guard (1...253).contains(bytes.count) else { return false }
        var labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if labels.count > 2, labels[0].elementsEqual([UInt8(ascii: "*")]) { labels.removeFirst() }
        // A last label of digits only would be an address gone wrong, such as 1.2.3.
        guard let last = labels.last, !last.allSatisfy(isDigit) else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.count) && label.allSatisfy { isLetter($0) || isDigit($0) || $0 == 45 }
                && label.first != 45 && label.last != 45
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
