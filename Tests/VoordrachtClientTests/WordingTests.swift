import OfflineReplica
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

    @Test func aReasonIsToldInDutchAndItsOwnSentenceOnlyWhereItIsToBeReported() {
        let full = ReplicaError(.diskFull, "The disk of /x is full", at: "/x")
        let failure = Failure(full, in: .dutch)
        #expect(failure.message == "De schijf is vol." && failure.place == "/x")
        let broken = Reason(code: "chain.broken", message: "Change 7 does not follow.", remedy: "Sync again.")
        #expect(Failure(broken, in: .dutch).place == "Change 7 does not follow.")
        let used = Reason(
            code: "enrolment.used", message: "This was used already.", remedy: "Ask for a new one.")
        #expect(Failure(used, in: .dutch).place.isEmpty)
        let foreign = Reason(code: "tomorrow.new", message: "New.", remedy: "Update.")
        #expect(Failure(foreign, in: .dutch).message == "New.")
    }

    @Test func theReasonThatTheSecretariatGaveIsToldInBothLanguages() {
        let reason = Reason(code: "change.declined", message: "Te laat: {0}.", remedy: "Read the reason.")
        let failure = Failure(reason, in: .dutch)
        #expect(failure.message == "Het secretariaat heeft deze wijziging afgewezen: Te laat: {0}.")
        #expect(failure.place.isEmpty)
        #expect(Failure(reason, in: .english).message == "Te laat: {0}.")
    }

    /// Where results show a code of the contract, people read a word.
    @Test func everyCodeInResultsHasADutchWord() throws {
        let states = ItemState.allCases.map(\.rawValue) + Standing.allCases.map(\.rawValue)
        for role in Role.allCases { #expect(role.word(.dutch) != role.word(.english)) }
        let people = Stance.allCases.map(\.rawValue)
        let merging = try ReasonCodes.rawValues(in: [
            "Sources/Merging/Conflict.swift", "Sources/Merging/MergedField.swift",
        ])
        #expect(merging.contains("lowest-position") && merging.contains("restoration"))
        let table = try ReasonCodes.keys(ofTableIn: "Sources/voordracht/Presentation/Phrase.swift")
        // The states of a field are shown by the state of its item.
        let unseen = ["settled", "disputed", "pending"]
        let kinds = NominationSchema.schema.kinds.map(\.kind.name)
        for code in states + people + kinds + merging where !unseen.contains(code) {
            #expect(table.contains(code), "no Dutch word for \(code)")
        }
    }

    /// English is the language that reasons come in; the compiler sees to it that they have that.
    @Test func everyReasonOfTheProgramsHasDutchWords() throws {
        let codes = try ReasonCodes.all()
        // The sources were found, each of the ways to write a code among them.
        for code in [
            "chain.broken", "change.dependent", "submission.late", "server.unreachable", "frame.truncated",
            "transport.closed", "cryptography.keyMismatch", "key.keyMismatch", "server.damaged",
            "certificate.missing",
        ] { #expect(codes.contains(code), "\(code)") }
        for code in codes {
            let wording = MessageCode.wording(ofCode: code, .dutch) ?? ReasonWording.dutch(code)
            for text in [wording?.message, wording?.remedy] {
                let text = text ?? ""
                #expect(text.hasSuffix(".") || text.hasSuffix("{0}"), "no Dutch words for \(code)")
            }
        }
    }
}
