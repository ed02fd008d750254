import ArgumentParser

/// A part of a long list.
struct Page: ParsableArguments {
    @Option(help: "At most this many.")
    var limit: Int?

    @Option(help: "Only what stands after this one: the “next” of the part before.")
    var after: String?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("The limit is at least 1.") }
    }

    /// The items of this part and, where there are more, where the next part goes on.
    func cut<Item>(_ items: [Item], by key: (Item) -> String) -> (items: [Item], next: String?) {
        var rest = items[...]
        // Ids may be given without their letter, here as everywhere.
        func isLast(_ item: Item) -> Bool { [key(item), String(key(item).dropFirst())].contains(after) }
        if after != nil, let place = rest.firstIndex(where: isLast) {
            rest = rest[(place + 1)...]
        }
        guard let limit, rest.count > limit else { return (Array(rest), nil) }
        let part = Array(rest.prefix(limit))
        return (part, part.last.map(key))
    }

    /// The document of a list, as all lists have it.
    func document<Item>(
        kind: String, _ all: [Item], key: (Item) -> String, item: (Item) -> JSONDocument
    ) -> JSONDocument {
        let (items, next) = cut(all, by: key)
        return .object([
            ("kind", .string(kind)), ("items", .list(items.map(item))), ("next", .text(next)),
            ("total", .number(all.count)),
        ])
    }
}
