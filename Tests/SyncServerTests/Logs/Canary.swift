import Foundation

/// A text that must not come out anywhere, and every form in which it could.
struct Canary: Hashable {
    let place: String
    let text: String

    /// Digits and letters that no program would make by itself.
    init(_ place: String, _ random: inout SplitMix64) {
        self.place = place
        text = "kanarie" + String(random.next(), radix: 36)
    }

    /// One that is what it is, such as a secret in hexadecimal.
    init(_ place: String, is text: String) {
        self.place = place
        self.text = text
    }

    /// As it is, in hexadecimal, in Base64 at each of the three offsets, and escaped in a URL.
    private var forms: [String] {
        let bytes = Array(text.utf8)
        let hex = bytes.map { String(format: "%02x", $0) }.joined()
        let codes = (0..<3).map { offset in
            let padded = Array(repeating: UInt8(0), count: offset) + bytes
            // What the neighbours of the text decide is left away.
            return Data(padded).base64EncodedString().dropFirst(offset == 0 ? 0 : 4).dropLast(4)
        }
        return [text, hex, "\(bytes)".filter { $0 != " " }.trimmingCharacters(in: ["[", "]"])]
            + codes.map(String.init)
    }

    func isFound(in output: String) -> Bool {
        let lower = output.lowercased()
        let digits = output.filter { $0 != " " }
        return forms.contains {
            output.contains($0) || lower.contains($0.lowercased()) || digits.contains($0)
        }
    }
}
