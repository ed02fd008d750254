/// A 128-bit identifier, compared as an unsigned number.
///
/// Its text form is 32 lower-case hexadecimal digits, its byte form 16 bytes, most significant first.
public struct Identifier128: Hashable, Comparable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads 16 bytes, most significant first; nil when there are not exactly 16.
    // Inlinable, as ids are read by the million, and a generic function called from outside is slow.
    @inlinable
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var words: (high: UInt64, low: UInt64) = (0, 0)
        for byte in bytes {
            words.high = words.high << 8 | words.low >> 56
            words.low = words.low << 8 | UInt64(byte)
        }
        self.init(high: words.high, low: words.low)
    }

    /// Reads 32 hexadecimal digits, lower or upper case; nil for anything else.
    public init?(hex: some StringProtocol) {
        guard hex.utf8.count == 32 else { return nil }
        var words: (high: UInt64, low: UInt64) = (0, 0)
        for digit in hex.utf8 {
            guard let nibble = Hexadecimal.nibble(digit) else { return nil }
            words.high = words.high << 4 | words.low >> 60
            words.low = words.low << 4 | UInt64(nibble)
        }
        self.init(high: words.high, low: words.low)
    }

    public var bytes: [UInt8] {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) }
    }
    public var hex: String { Hexadecimal.text(bytes) }

    public static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// One installed copy of the client (or the server itself, which writes the roster).
public struct ReplicaID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let bits: Identifier128

    public init(_ bits: Identifier128) { self.bits = bits }
    public init?(hex: some StringProtocol) {
        guard let bits = Identifier128(hex: hex) else { return nil }
        self.bits = bits
    }

    public var bytes: [UInt8] { bits.bytes }
    public var description: String { bits.hex }
    public static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}

/// A record within its audience: random, or the hash of its natural key (see `RecordKey`).
public struct RecordID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let bits: Identifier128

    public init(_ bits: Identifier128) { self.bits = bits }
    public init?(hex: some StringProtocol) {
        guard let bits = Identifier128(hex: hex) else { return nil }
        self.bits = bits
    }

    public var bytes: [UInt8] { bits.bytes }
    public var description: String { bits.hex }
    public static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}

/// A change: the replica that made it and that replica's 1, 2, 3, …
public struct ChangeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let replica: ReplicaID
    public let number: UInt64

    public init(replica: ReplicaID, number: UInt64) {
        self.replica = replica
        self.number = number
    }

    /// `replica:number`, the number in decimal.
    public var description: String { "\(replica):\(number)" }

    /// Reads what `description` writes, the replica in upper case too, a number from 1 on; nil for
    /// anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let replica = ReplicaID(hex: parts[0]),
            let number = UInt64(parts[1]), number > 0, parts[1].utf8.elementsEqual("\(number)".utf8)
        else { return nil }
        self.init(replica: replica, number: number)
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.replica == right.replica ? left.number < right.number : left.replica < right.replica
    }
}

/// A lineage of positions: a restored backup begins a new one.
public struct Epoch: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let value: UInt64

    public init(_ value: UInt64) { self.value = value }
    public init?(hex: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(hex), bytes.count == 8 else { return nil }
        self.value = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    public var description: String { Hexadecimal.text(value.bigEndianBytes) }
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A place in the workspace's one order: 1, 2, 3, …; 0 stands before all of them.
public struct Position: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let value: UInt64

    public init(_ value: UInt64) { self.value = value }

    public static let origin = Position(0)
    public var description: String { String(value) }
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// The readers of a record, and the unit of replication: `everyone`, `organisation:<id>`, …
///
/// 1 to 80 bytes of `a–z 0–9 : -`. What a name means is the domain's affair.
public struct AudienceID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let name: String

    /// nil when the name is empty, too long, or has another character.
    public init?(_ name: String) {
        let allowed = name.utf8.allSatisfy { byte in
            (97...122).contains(byte) || (48...57).contains(byte) || byte == 58 || byte == 45
        }
        guard allowed, (1...Limits.audienceBytes).contains(name.utf8.count) else { return nil }
        self.name = name
    }

    /// The name before the first colon.
    public var family: Substring { Substring(name.utf8.prefix { $0 != 58 }) }

    /// The record after the first colon, where there is one.
    public var subject: RecordID? {
        guard let colon = name.utf8.firstIndex(of: 58) else { return nil }
        return RecordID(hex: name[name.index(after: colon)...])
    }

    /// `family:subject`. A programmer's error, and so a trap, when the family is no audience name.
    public init(family: StaticString, _ subject: RecordID) {
        guard let audience = AudienceID("\(family):\(subject)") else {
            preconditionFailure("\(family) is no name of an audience family")
        }
        self = audience
    }

    public var description: String { name }
    public static func < (left: Self, right: Self) -> Bool {
        left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
}
