import Testing

/// One rule of the house, over one Swift file.
struct Rule: Sendable, CustomTestStringConvertible {
    let name: String
    let check: @Sendable (SourceFile) -> [Finding]

    var testDescription: String { name }

    /// Every rule over Swift files.
    static let all: [Rule] = [
        imports, fileLength, functionLength, names, traps, unfinished, clocksAndRandomness, printing,
        documentation,
    ]
}
