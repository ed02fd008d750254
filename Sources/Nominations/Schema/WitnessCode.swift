public import ChangeLog

/// What a person tells the secretariat before closing, by phone or mail, as the witness of a submission that cannot be
/// sent yet: the first 80 bits of the hash of the author's chain that ends with it.
///
/// Whoever would have another submission fit a code that was told has to find a second preimage of those bits.
public struct WitnessCode: Hashable, Sendable, CustomStringConvertible {
    /// 16 letters and digits of Crockford's base 32.
    public let symbols: String

    public init(_ hash: ChangeHash) {
        var symbols = ""
        var (bits, count) = (0, 0)
        for byte in hash.bytes.prefix(10) {
            bits = bits << 8 | Int(byte)
            count += 8
            while count >= 5 {
                count -= 5
                symbols.unicodeScalars.append(Self.alphabet[bits >> count & 31])
            }
            bits &= (1 << count) - 1
        }
        self.symbols = symbols
    }

    /// As it is heard and typed: case, spaces and hyphens do not matter, and O, I and L are read as 0, 1 and 1.
    ///
    /// nil for anything but 16 symbols.
    public init?(_ text: String) {
        var symbols = ""
        for scalar in text.uppercased().unicodeScalars where scalar != "-" && !scalar.properties.isWhitespace
        {
            let read: Unicode.Scalar =
                switch scalar {
                case "O": "0"
                case "I", "L": "1"
                default: scalar
                }
            guard Self.alphabet.contains(read) else { return nil }
            symbols.unicodeScalars.append(read)
        }
        guard symbols.unicodeScalars.count == 16 else { return nil }
        self.symbols = symbols
    }

    /// In four groups.
    public var description: String {
        var text = ""
        for (index, symbol) in symbols.enumerated() {
            if index > 0, index.isMultiple(of: 4) { text += "-" }
            text.append(symbol)
        }
        return text
    }

    public var recordKey: RecordKey { RecordKey([.text(symbols)]) }

    /// The record in which the server writes down when it was told.
    public func record(_ hash: HashFunction) -> RecordID { recordKey.record(kind: .witness, hash: hash) }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".unicodeScalars)
}
