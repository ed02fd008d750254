import Testing
import VoordrachtClient

/// What `status` tells a person.
@Suite struct StatusTests {
    @Test func itSaysWhatWaitsWhySinceWhenAndWhatFollows() async throws {
        let association = try await Association()
        try await association.enrol("anna", roles: ["member"])
        let done = try await association.run("anna", ["status"])
        #expect(done.output.hasPrefix("Everything that was recorded here has been accepted by the server."))
        try await association.run("anna", ["nominate", "Delft"])
        let queued = try await association.run("anna", ["status"])
        #expect(queued.output.hasPrefix("1 change queued: goes along with the next voordracht sync\n"))

        await association.stop()
        try await association.run("anna", ["set", "Delft", "title", "zonder netwerk"])
        for _ in 0..<2 { try await association.run("anna", ["sync"], expecting: 1) }
        let since = try await association.document("anna", ["status"])["blockedSince"] as? String
        let english = try await association.run("anna", ["status"]).output
        #expect(english.hasPrefix("2 changes queued: cannot be sent now\nSynchronising fails since 20"))
        #expect(english.contains("\nnext try: when you run voordracht sync\n"))
        let dutch = try await association.run("anna", ["status", "--language", "nl"]).output
        #expect(dutch.hasPrefix("2 wijzigingen in de wachtrij: kan nu niet worden verzonden\n"))
        #expect(dutch.contains(": De server is niet bereikbaar.\n"))
        // It does not begin anew with each try.
        try await association.run("anna", ["sync"], expecting: 1)
        #expect(since != nil)
        #expect(try await association.document("anna", ["status"])["blockedSince"] as? String == since)
    }

    @Test(arguments: [
        (1_496_318_400_000, "2017-06-01 14:00:00"), (1_483_228_800_000, "2017-01-01 01:00:00"),
    ])
    func peopleReadTheClockInAmsterdam(_ milliseconds: Int64, _ text: String) {
        #expect(WallClock.text(milliseconds) == text)
        #expect(Value.instant(milliseconds).plain == text)
    }

    @Test func peopleHaveTheirLetterInListsToo() async throws {
        let association = try await Association()
        try await association.enrol("anna", roles: ["member"])
        let lines = try await association.run("anna", ["list", "person"]).output.split(separator: "\n")
        #expect(!lines.isEmpty && lines.allSatisfy { $0.hasPrefix("p") })
    }
}

/// Times as people read them.
@Suite struct WallClockTests {
    @Test(arguments: [
        (1_433_419_500_000, "4 juni 2015, 14:05"), (1_483_228_800_000, "1 januari 2017, 01:00"),
        (1_420_066_799_000, "31 december 2014, 23:59"), (1_420_066_800_000, "1 januari 2015, 00:00"),
    ])
    func inDutchTheyHaveTheNameOfTheMonth(_ milliseconds: Int64, _ text: String) {
        #expect(WallClock.text(milliseconds, .dutch) == text)
        #expect(Value.instant(milliseconds).plain(in: .dutch) == text)
    }

    @Test func aTimeOfADocumentIsReadByItsUTC() {
        #expect(WallClock.text(utc: "2015-06-04T12:05:00Z", .dutch) == "4 juni 2015, 14:05")
        #expect(WallClock.text(utc: "2015-06-04T12:05:00Z", .english) == "2015-06-04 14:05:00")
        #expect(WallClock.text(utc: "gisteren", .dutch) == "gisteren")
    }

    @Test func datesAndTruthsAreInTheLanguageToo() {
        #expect(Value.date(16_590).plain(in: .dutch) == "4 juni 2015")
        #expect(Value.date(16_590).plain(in: .english) == "2015-06-04")
        #expect(Value.list([.boolean(true), .boolean(false)]).plain(in: .dutch) == "ja, nee")
    }
}
