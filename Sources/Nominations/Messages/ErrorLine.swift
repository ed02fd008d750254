/// An error as people read it on a terminal: one line that says what failed, where, and what to do.
public enum ErrorLine {
    /// `error: what, where; remedy (suggestions)`, without line breaks.
    ///
    /// A place or a suggestion that the other words name already is not told twice.
    public static func text(
        _ message: String, place: String = "", remedy: String, suggestions: [String] = []
    ) -> String {
        var text = "error: " + open(message)
        if !place.isEmpty, !text.contains(open(place)) { text += ", " + open(place) }
        if !remedy.isEmpty { text += "; " + open(remedy) }
        let further = suggestions.filter { !names(text, $0) }
        if !further.isEmpty { text += " (" + further.joined(separator: "; ") + ")" }
        return String(text.map { $0.isNewline ? " " : $0 })
    }

    /// Whether a text has the words, and not only as a part of longer ones.
    private static func names(_ text: String, _ words: String) -> Bool {
        text.ranges(of: words).contains { range in
            let before = text[..<range.lowerBound].last
            let after = text[range.upperBound...].first
            return ![before, after].contains { $0?.isLetter == true || $0?.isNumber == true }
        }
    }

    /// What is wrong, where, and then what to do about it, as sentences.
    public static func sentences(_ message: String, place: String = "", remedy: String) -> String {
        let isTold = place.isEmpty || message.contains(place)
        let what = isTold ? open(message) : open(message) + ", " + open(place)
        return [what, open(remedy)].filter { !$0.isEmpty }.map { $0 + "." }.joined(separator: " ")
    }

    /// Without the stop at its end: more may follow.
    private static func open(_ sentence: String) -> Substring {
        sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...]
    }
}
