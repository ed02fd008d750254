import Testing
import VoordrachtClient

/// The program of twenty lines, against a real server.
@Suite struct ExampleTests {
    @Test func theExampleNominatesSubmitsAndSyncs() async throws {
        let association = try await Association()
        let link = try await association.link("Anna", roles: ["member"], organisation: "Welzijn Delft")
        let lines = try await example(link: link, folder: association.home("anna"), nominee: "Delft")
        // Nomination, example, two edits of the form, the submission.
        #expect(lines == ["Delft: accepted", "5"])
    }

    @Test func aFormThatWasOpenDuringASyncOverwritesNothing() async throws {
        let association = try await Association()
        for who in ["anna", "bert"] { try await association.enrol(who, roles: ["member"]) }
        try await association.run("anna", ["nominate", "Delft"])
        try await association.run("anna", ["sync"])
        try await association.run("bert", ["sync"])

        let anna = try Voordracht.open(at: association.home("anna"))
        let nomination = try #require(try await anna.nominations().first).record
        var form = try await anna.open(nomination)
        try await association.run("bert", ["set", "Delft", "title", "van Bert"])
        try await association.run("bert", ["sync"])
        try await anna.sync()
        #expect(try await anna.details(of: nomination)["title"]?.value?.text == "van Bert")

        try await form.set("title", to: "van Anna")
        try await form.set("title", to: "nog eens van Anna")
        let conflict = try #require(try await anna.conflicts().conflicts.first)
        let values = conflict.candidates.compactMap { $0.value?.text }
        #expect(values.sorted() == ["nog eens van Anna", "van Bert"])
        try await anna.resolve(conflict.id, by: .value("van beiden"))
        #expect(try await anna.conflicts().conflicts.isEmpty)
    }

    @Test func observersSeeWhatIsRecorded() async throws {
        let association = try await Association()
        try await association.enrol("anna", roles: ["member"])
        let anna = try Voordracht.open(at: association.home("anna"))
        var counts: [Int] = []
        for try await nominations in anna.observe({ try await $0.nominations() }) {
            counts.append(nominations.count)
            if nominations.isEmpty { try await anna.nominate("Delft") } else { break }
        }
        #expect(counts.first == 0 && counts.last == 1)
    }
}
