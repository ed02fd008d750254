import Foundation

/// A Swift file, and its lines with comments and string literals blanked out.
struct SourceFile {
    let path: String
    /// The lines as written.
    let lines: [Substring]
    /// The same lines; what stands in comments and literals is spaces.
    let code: [Substring]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var blanker = LiteralBlanker(Array(text.utf8))
        code = blanker.blanked().split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The target's folder: `Sources/ChangeLog`, `Protocol/SyncProtocol`.
    var folder: String { path.split(separator: "/").prefix(2).joined(separator: "/") }

    /// Whether it is part of a product, not of the tests or the manifest.
    var isProduct: Bool {
        ["Sources", "Protocol", "Server", "Client"].contains { path.hasPrefix("\($0)/") }
    }

    /// Lines of code that contain a token which does not continue a longer word.
    func occurrences(of token: String) -> [Int] {
        code.indices.filter { line in Self.contains(code[line], token: token) }
    }

    static func contains(_ line: Substring, token: String) -> Bool {
        var rest = line
        while let range = rest.range(of: token) {
            let before = range.lowerBound > line.startIndex ? line[line.index(before: range.lowerBound)] : " "
            let after = range.upperBound < line.endIndex ? line[range.upperBound] : " "
            if !joins(before, token.first) && !joins(token.last, after) { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }

    private static func joins(_ left: Character?, _ right: Character?) -> Bool {
        func inWord(_ character: Character?) -> Bool {
            character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
        }
        return inWord(left) && inWord(right)
    }

    /// The words of a line of code.
    static func words(_ line: Substring) -> [Substring] {
        line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") }
    }
}

/// Replaces comments and string literals by spaces; line breaks stay, so lines keep their numbers.
///
/// It knows nested comments, multi-line and raw strings and interpolation, but no regex literals.
struct LiteralBlanker {
    private let source: [UInt8]
    private var out: [UInt8]
    private var at = 0

    init(_ source: [UInt8]) {
        self.source = source
        out = source
    }

    mutating func blanked() -> String {
        while at < source.count { step() }
        return String(decoding: out, as: UTF8.self)
    }

    /// Passes one element of code: a comment, a literal or a byte.
    private mutating func step() {
        if starts("//") {
            while at < source.count, source[at] != 10 { blank() }
        } else if starts("/*") {
            comment()
        } else if let pounds = poundsBeforeQuote() {
            literal(pounds: pounds)
        } else {
            at += 1
        }
    }

    private func starts(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { source[at...].starts(with: $0) }
    }

    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count where at < source.count {
            if source[at] != 10 { out[at] = 32 }
            at += 1
        }
    }

    private mutating func comment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                blank(2)
            } else if starts("*/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && at < source.count
    }

    /// How many `#` open the literal that starts here; nil where none does.
    private func poundsBeforeQuote() -> Int? {
        var end = at
        while end < source.count, source[end] == UInt8(ascii: "#") { end += 1 }
        return end < source.count && source[end] == UInt8(ascii: "\"") ? end - at : nil
    }

    private mutating func literal(pounds: Int) {
        blank(pounds)
        let quotes = starts("\"\"\"") ? 3 : 1
        let raw = [UInt8](repeating: UInt8(ascii: "#"), count: pounds)
        let close = [UInt8](repeating: UInt8(ascii: "\""), count: quotes) + raw
        let escape = [UInt8(ascii: "\\")] + raw
        blank(quotes)
        while at < source.count {
            if source[at...].starts(with: close) {
                blank(close.count)
                return
            }
            if source[at...].starts(with: escape) {
                blank(escape.count)
                if at < source.count, source[at] == UInt8(ascii: "(") { interpolation() } else { blank() }
            } else {
                blank()
            }
        }
    }

    /// Blanks an interpolation, which may itself hold literals.
    private mutating func interpolation() {
        let start = at
        var depth = 0
        repeat {
            if source[at] == UInt8(ascii: "(") { depth += 1 }
            if source[at] == UInt8(ascii: ")") { depth -= 1 }
            step()
        } while depth > 0 && at < source.count
        for index in start..<at where out[index] != 10 { out[index] = 32 }
    }
}
