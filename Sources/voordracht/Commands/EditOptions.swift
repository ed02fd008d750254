import ArgumentParser
import VoordrachtClient

/// What the plain edits take beside their own arguments.
struct EditOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The view on which the edit was made, as status shows it; by default the newest.",
            valueName: "cursor[:number]"))
    var base: String?

    func view(_ voordracht: Voordracht) async throws -> View? {
        guard let base else { return nil }
        return try await voordracht.view(named: base)
    }
}

/// The ids of this program have a letter in front, which the domain does not know.
enum Identifier {
    /// The digits of an id; anything else as it is.
    static func bare(_ text: String) -> String {
        let digits = text.dropFirst()
        let isID =
            (text.first == "r" || text.first == "p") && digits.utf8.count >= Reference.shortestPrefix
            && digits.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        return isID ? String(digits) : text
    }
}
