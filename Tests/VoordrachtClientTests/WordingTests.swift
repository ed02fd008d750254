import Testing

@testable import VoordrachtClient

/// Both languages say everything.
@Suite struct WordingTests {
    @Test(arguments: FaceError.Code.allCases)
    func everyErrorOfTheFaceHasBothLanguages(_ code: FaceError.Code) {
        let (english, dutch) = (code.wording(.english), code.wording(.dutch))
        for wording in [english, dutch] { #expect(!wording.message.isEmpty && !wording.remedy.isEmpty) }
        #expect(english.message != dutch.message && english.remedy != dutch.remedy)
        let places = { (text: String) in text.split(separator: "{}", omittingEmptySubsequences: false).count }
        #expect(places(english.message) == places(dutch.message))
    }

    @Test func argumentsArePutInAsTheyAre() {
        let error = FaceError(.trayNothing, ["{}", "title"])
        #expect(Failure(error, in: .english).message == "The entry “{}” has no text title to edit")
    }

    @Test func aReasonOfTheServerIsToldInDutchWithItsOwnSentenceBehind() {
        let reason = Reason(code: "replica.diskFull", message: "/x cannot grow", remedy: "Free space.")
        let failure = Failure(reason, in: .dutch)
        #expect(failure.message == "De schijf is vol" && failure.place == "/x cannot grow")
        let foreign = Reason(code: "tomorrow.new", message: "New.", remedy: "Update.")
        #expect(Failure(foreign, in: .dutch).message == "New.")
    }
}
