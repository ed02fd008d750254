/// The identity of a municipality over time.
///
/// It is not the code of Statistics Netherlands: a rename gives a new code to the same municipality. The text is
/// `m-` and the first code that this register knows of the municipality, as in `m-GM0545`; it never changes.
/// Should a code ever be given to a second, different municipality, its year is to be added.
public struct MunicipalityID: Hashable, Sendable {
    /// The id as written in records: ASCII, at most 32 bytes.
    public let text: String

    /// Accepts a text of the right form; whether the register knows it is another question.
    public init?(text: String) {
        guard isNomineeText(text, prefix: "m-") else { return nil }
        self.text = text
    }
}

/// The identity of a region, `r-` and its code, as in `r-CR38`.
public struct RegionID: Hashable, Sendable {
    /// The id as written in records: ASCII, at most 32 bytes.
    public let text: String

    /// Accepts a text of the right form; whether the register knows it is another question.
    public init?(text: String) {
        guard isNomineeText(text, prefix: "r-") else { return nil }
        self.text = text
    }
}

/// The identity of what can be nominated.
public enum NomineeID: Hashable, Sendable {
    /// A municipality.
    case municipality(MunicipalityID)
    /// A region.
    case region(RegionID)

    /// Reads either kind of id.
    public init?(text: String) {
        if let id = MunicipalityID(text: text) {
            self = .municipality(id)
        } else if let id = RegionID(text: text) {
            self = .region(id)
        } else {
            return nil
        }
    }

    /// The id as written in records.
    public var text: String {
        switch self {
        case .municipality(let id): id.text
        case .region(let id): id.text
        }
    }
}

extension MunicipalityID: CustomStringConvertible { public var description: String { text } }
extension RegionID: CustomStringConvertible { public var description: String { text } }
extension NomineeID: CustomStringConvertible { public var description: String { text } }

/// Whether a text is the prefix and 1 to 30 ASCII capitals, digits or hyphens.
private func isNomineeText(_ text: String, prefix: String) -> Bool {
    let bytes = Array(text.utf8)
    let rest = bytes.dropFirst(prefix.utf8.count)
    guard bytes.starts(with: prefix.utf8), (1...30).contains(rest.count) else { return false }
    return rest.allSatisfy { byte in
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }
}
