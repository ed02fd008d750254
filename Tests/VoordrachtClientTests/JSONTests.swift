import Foundation
import Testing

@testable import VoordrachtClient

@Suite struct JSONTests {
    @Test func keysKeepTheirOrderAndNothingVanishes() {
        let document: JSON = ["b": 1, "a": .null, "list": [], "truth": true]
        #expect(document.text == #"{"b":1,"a":null,"list":[],"truth":true}"#)
        #expect(document["a"] == .null && document["c"] == nil)
    }

    @Test func anyTextComesBackFromAnotherReader() throws {
        var scalars = (0...0x2ff).compactMap { Unicode.Scalar($0) }
        scalars += ["\u{2028}", "\u{fffd}", "\u{1f3c6}", "\u{10ffff}"]
        let text = String(String.UnicodeScalarView(scalars))
        let read = try JSONSerialization.jsonObject(with: Data(JSON.array([.string(text)]).text.utf8))
        let back = try #require((read as? [String])?.first)
        #expect(Array(back.utf8) == Array(text.utf8))
    }

    @Test func valuesAreWrittenByTheirType() throws {
        let record = try #require(RecordID(hex: String(repeating: "0a", count: 16)))
        let value = Value.list([
            .null, .boolean(true), .integer(-5), .text("é"), .date(17_167), .instant(1_500_000_000_123),
            .record(record), .bytes([1, 255]),
        ])
        #expect(
            value.json.text
                == #"[null,true,-5,"é","2017-01-01","2017-07-14T02:40:00Z","r\#(record)","01ff"]"#)
    }

    @Test(arguments: [
        ("r0a0b0c", "0a0b0c"), ("P0A0B0C", "0a0b0c"), ("0a0b0c0d", "0a0b0c0d"), ("0a0b0", nil),
        ("Delft", nil),
        ("rood00", nil), (String(repeating: "a", count: 33), nil),
    ])
    func idsAreReadWithAndWithoutTheirLetter(_ text: String, _ digits: String?) {
        #expect(Reference.digits(text) == digits)
    }
}
