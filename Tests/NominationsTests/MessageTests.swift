import ChangeLog
import Nominations
import Testing

@Suite("Messages")
struct MessageTests {
    @Test("Each code has its words in both languages", arguments: MessageCode.allCases)
    func complete(code: MessageCode) {
        let wordings = Language.allCases.map { code.wording($0) }
        for wording in wordings {
            #expect(wording.message.hasSuffix("."), "\(code.rawValue)")
            #expect(wording.remedy.hasSuffix("."), "\(code.rawValue)")
        }
        #expect(Self.places(wordings[0]) == Self.places(wordings[1]), "\(code.rawValue)")
        #expect(wordings[0] != wordings[1])
    }

    private static func places(_ wording: Wording) -> Set<Character> {
        var places: Set<Character> = []
        let text = Array(wording.message + wording.remedy)
        for (index, character) in text.enumerated() where character == "{" && index + 2 < text.count {
            if text[index + 2] == "}" { places.insert(text[index + 1]) }
        }
        return places
    }

    @Test("Arguments are put in as they are")
    func arguments() {
        let error = NominationError(.nomineeUnknown, ["{1} {x", "Delft, Delfzijl"])
        #expect(error.message == "No municipality or region is known as “{1} {x”.")
        #expect(error.wording(.dutch).remedy == "Controleer de spelling; in de buurt komen: Delft, Delfzijl.")
        #expect(NominationError(.nomineeUnknown).message == "No municipality or region is known as “–”.")
    }

    @Test("A reason of the rules is told in the person's language by its code")
    func reasons() {
        #expect(
            MessageCode.wording(ofCode: "submission.noExample", .dutch)?.message
                == "Een voordracht heeft ten minste één voorbeeld nodig.")
        #expect(MessageCode.wording(ofCode: "text.version", .dutch) == nil)
    }
}
