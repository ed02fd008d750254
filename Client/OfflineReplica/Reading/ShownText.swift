import ChangeLog
import Foundation
import Merging

/// The words of a record as they are shown: its title, and all that can be searched.
struct ShownText {
    let title: String
    let body: String

    init(_ merged: MergedRecord, _ schema: Schema) {
        let naming = merged.kind.flatMap { schema[$0]?.title }
        title = naming.flatMap { merged[$0]?.value?.text } ?? ""
        body = merged.fields.filter { $0.name != naming }.compactMap(\.value).flatMap { Self.words($0) }
            .joined(separator: "\n")
    }

    var isEmpty: Bool { title.isEmpty && body.isEmpty }

    private static func words(_ value: Value) -> [String] {
        switch value {
        case .text(let text): [text]
        case .list(let values): values.flatMap { words($0) }
        default: []
        }
    }
}

/// Titles without case and diacritics, as people look for them.
enum TitleFolding {
    static func fold(_ title: String) -> String {
        title.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
            .precomposedStringWithCanonicalMapping
    }
}
