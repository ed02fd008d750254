/// How names, labels and numbers are written on a page for Prometheus, text format 0.0.4.
enum PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// A name of a metric: what may not stand in one becomes an underscore.
    static func name(_ text: String) -> String { cleaned(text, allowsColon: true) }

    /// `a="b",c="d"` in the order of the names; empty without labels.
    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { "\(cleaned($0.0, allowsColon: false))=\"\(escaped(value: $0.1))\"" }.sorted()
            .joined(separator: ",")
    }

    static func sample(_ name: String, _ labels: String, _ value: String) -> String {
        labels.isEmpty ? "\(name) \(value)" : "\(name){\(labels)} \(value)"
    }

    /// Whole numbers without a point, infinities as Prometheus spells them.
    static func number(_ value: Double) -> String {
        if value == .infinity { return "+Inf" }
        if value == -.infinity { return "-Inf" }
        if value.isNaN { return "NaN" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    static func escaped(help: String) -> String { escaped(help, quote: false) }
    private static func escaped(value: String) -> String { escaped(value, quote: true) }

    private static func escaped(_ text: String, quote: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quote: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func cleaned(_ text: String, allowsColon: Bool) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
            let isDigit = ("0"..."9").contains(scalar) && !name.isEmpty
            let isColon = scalar == ":" && allowsColon
            name.unicodeScalars.append(isLetter || isDigit || isColon ? scalar : "_")
        }
        return name.isEmpty ? "_" : name
    }
}
