public import MunicipalRegister

/// Somebody who was awarded in an edition before this program existed.
public struct Laureate: Hashable, Sendable {
    public let year: Int
    public let nominee: NomineeID
    /// The name at the award.
    public let name: String
    /// What the jury's text is about, in Dutch.
    public let keywords: [String]
    /// How far the source supports this, in Dutch.
    public let certainty: String

    /// The laureates of 2015 and 2017, in the order of the source.
    public static let known: [Laureate] = read(
        laureateFacts.withUTF8Buffer { String(decoding: $0, as: UTF8.self) })

    /// Lines that cannot be read are left out; a test proves that there are none.
    static func read(_ table: String) -> [Laureate] {
        table.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 5, let year = Int(fields[0]), let nominee = NomineeID(text: fields[1])
            else { return nil }
            return Laureate(
                year: year, nominee: nominee, name: fields[2],
                keywords: fields[3].split(separator: ";").map(String.init), certainty: fields[4])
        }
    }
}
