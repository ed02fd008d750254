import Foundation
import Testing

/// The documents that scripts read: their keys never vanish.
@Suite struct ContractTests {
    private func expect(
        _ document: [String: Any]?, has keys: String, _ location: SourceLocation = #_sourceLocation
    ) {
        let present = Set((document ?? [:]).keys)
        let missing = keys.split(separator: " ").map(String.init).filter { !present.contains($0) }
        #expect(missing.isEmpty, "\(present.sorted())", sourceLocation: location)
    }

    private func first(_ document: [String: Any], _ key: String) throws -> [String: Any] {
        try #require((document[key] as? [[String: Any]])?.first, "\(document)")
    }

    /// Two colleagues and a reviewer, with one value in conflict and one refused change.
    private func disputed() async throws -> Association {
        let association = try await Association()
        for who in ["anna", "bert"] { try await association.enrol(who, roles: ["member"]) }
        try await association.enrol("rita", roles: ["reviewer"], organisation: nil)
        try await association.run("anna", ["nominate", "Delft", "--motivation", "Zo begint het."])
        try await association.run("anna", ["sync"])
        try await association.run("bert", ["sync"])
        try await association.run("anna", ["set", "Delft", "title", "van Anna"])
        try await association.run("bert", ["set", "Delft", "title", "van Bert"])
        try await association.run("anna", ["example", "Delft", "--title", "Buurthuis"])
        try await association.run("anna", ["submit", "Delft"])
        for who in ["anna", "bert", "anna", "rita"] { try await association.run(who, ["sync"]) }
        return association
    }

    @Test func editsNameTheirRecordAndChange() async throws {
        let association = try await Association()
        try await association.enrol("anna", roles: ["member"])
        let nominated = try await association.document("anna", ["nominate", "Delft"])
        expect(nominated, has: "record kind change state")
        let record = try #require(nominated["record"] as? String)
        #expect(record.hasPrefix("r") && record.utf8.count == 33)
        #expect(nominated["kind"] as? String == "nomination" && nominated["state"] as? String == "queued")
        expect(nominated["change"] as? [String: Any], has: "replica number")
        // Nothing new is recorded for the same nominee under another name.
        let again = try await association.document("anna", ["nominate", "gemeente Delft"])
        #expect(again["record"] as? String == record && again["change"] is NSNull)

        let text = try association.file("motivation", holding: "Eerste regel.\nTweede regel.")
        for arguments in [
            ["set", record, "title", "Titel"], ["text", "Delft", "motivation", "--file", text],
            ["add", String(record.prefix(8)), "strengths", "durf"],
            ["take", "delft", "strengths", "durf"],
            ["example", "GM0503", "--title", "T", "--criterion", "preventie"],
            ["annotate", "Delft", "--body", "Goed", "--stance", "strength", "--visibility", "person"],
        ] {
            let edit = try await association.document("anna", arguments)
            #expect(edit["state"] as? String == "queued", "\(arguments)")
        }
        let details = try await association.document("anna", ["show", record])
        let fields = try #require(details["fields"] as? [String: [String: Any]])
        #expect(fields["motivation"]?["value"] as? String == "Eerste regel.\nTweede regel.")
        #expect((fields["strengths"]?["value"] as? [String])?.isEmpty ?? false)
        expect(fields["contactPerson"], has: "policy value state conflict")
        let removed = try await association.document("anna", ["remove", record])
        #expect(removed["record"] as? String == record)
        #expect(try await association.document("anna", ["show", record])["removed"] as? Bool == true)
    }

    // P-139
    @Test func whatWasDeclinedIsListedForTheContact() async throws {
        let association = try await Association()
        try await association.enrol("anna", roles: ["member"])
        try await association.enrol("carla", roles: ["contact"])
        try await association.run("anna", ["nominate", "Delft"])
        for who in ["anna", "carla"] { try await association.run(who, ["sync"]) }
        try await association.run(
            "anna", ["annotate", "Delft", "--body", "Nooit verzonden.", "--visibility", "organisation"])
        let device = try #require(
            try await association.document("anna", ["whoami"])["device"] as? String)
        try await association.administer(["revoke", device, "--retired"])
        try await association.run("anna", ["sync"])
        let held = try first(try await association.administer(["held", "--json"]).document(), "items")
        try await association.administer([
            "decline", try #require(held["id"] as? String), "--reason", "dubbel",
        ])
        let list = try await association.document("carla", ["declined"])
        expect(list, has: "items next")
        let item = try first(list, "items")
        expect(
            item,
            has: "id change person personName audience time received operations code message remedy")
        #expect(item["code"] as? String == "change.declined" && item["personName"] as? String == "anna")
        let lines = try await association.run("carla", ["declined", "--language", "nl"]).output
        for words in ["dubbel", "binnen de organisatie", "Nooit verzonden."] {
            #expect(lines.contains(words), "\(lines)")
        }
        try await association.run("carla", ["declined", "--after", "niets"], expecting: 2)
    }

    @Test func readingHasTheKeysOfTheContract() async throws {
        let association = try await disputed()
        expect(
            try await association.document("anna", ["status"]),
            has:
                "person device queued held tray conflicts cursor epoch lastSync nextTry notBefore blockedBy audiences"
        )
        let list = try await association.document("anna", ["list", "nomination"])
        expect(list, has: "kind items next total")
        expect(try first(list, "items"), has: "record title state")
        let details = try await association.document("anna", ["show", "Delft"])
        expect(details, has: "record kind audience removed fields")
        let title = try #require((details["fields"] as? [String: [String: Any]])?["title"])
        #expect(title["policy"] as? String == "register" && title["state"] as? String == "conflict")
        let conflicts = try await association.document("anna", ["conflicts", "Delft"])
        let conflict = try first(conflicts, "conflicts")
        expect(conflict, has: "id record field kind base shown rule assignee candidates")
        #expect(conflict["id"] as? String == title["conflict"] as? String)
        let candidate = try first(conflict, "candidates")
        expect(candidate, has: "id value person device time position")
        #expect(candidate["id"] as? String == "c1")
        let why = try await association.document("anna", ["why", "Delft", "motivation"])
        expect(why, has: "record field value rule history")
        let event = try first(why, "history")
        expect(event, has: "change person time value outcome")
        #expect(event["value"] as? String == "Zo begint het.")
        let digest = try await association.document("anna", ["digest"])
        expect(digest, has: "cursor epoch pending algorithm audiences")
        #expect(digest["algorithm"] as? String == "sha256-v1")
        expect(try first(digest, "audiences"), has: "id digest records changes")
        let log = try await association.document("anna", ["log", "Delft", "--limit", "2"])
        #expect((log["changes"] as? [Any])?.count == 2 && !(log["next"] is NSNull))
        let found = try await association.document("anna", ["search", "buurt"])
        expect(try first(found, "items"), has: "record title state")
        expect(
            try await association.document("anna", ["whoami"]), has: "person name roles organisation device")
    }

    @Test func aReviewerSeesAssignsAndTheOrganisationSettles() async throws {
        let association = try await disputed()
        let conflicts = try await association.document("rita", ["conflicts"])
        let id = try #require(try first(conflicts, "conflicts")["id"] as? String)
        let own = try await association.document("bert", ["conflicts"])
        #expect(try first(own, "conflicts")["id"] as? String == id)
        let edit = try await association.document("rita", ["assign", String(id.prefix(12)), "bert"])
        #expect(edit["kind"] as? String == "assignment")
        try await association.run("rita", ["sync"])
        try await association.run("bert", ["sync"])
        let assigned = try first(try await association.document("bert", ["conflicts"]), "conflicts")
        let bert = try await association.document("bert", ["whoami"])
        #expect(assigned["assignee"] as? String == bert["person"] as? String)
        try await association.run("bert", ["resolve", id, "--keep", "c2"])
        #expect(
            (try await association.document("bert", ["conflicts"])["conflicts"] as? [Any])?.isEmpty ?? false)
        for who in ["bert", "anna", "rita"] { try await association.run(who, ["sync"]) }

        let nominees = try await association.document("rita", ["review"])
        let listed = try #require((nominees["items"] as? [[String: Any]])?.first)
        expect(listed, has: "nominee name edition nominations review reviews")
        let review = try await association.document("rita", ["review", "Delft"])
        expect(review, has: "nominee nominations examplesByCriterion annotations conflicts history")
        #expect((review["conflicts"] as? [Any])?.isEmpty ?? false)
        let nominations = try #require(review["nominations"] as? [[String: Any]])
        #expect(nominations.first?["title"] as? String == "van Bert")
        let digests = try await ["anna", "bert"].asyncMap { who in
            try await association.document(who, ["digest"])["audiences"] as? [[String: AnyHashable]]
        }
        #expect(digests[0] != nil && digests[0] == digests[1])
    }

    @Test func aReportOfASyncHasItsKeysAlsoWithoutAServer() async throws {
        let keys =
            "complete accepted held refused received purged pending conflicts cursor epoch "
            + "clockOffsetMilliseconds verdicts error"
        let association = try await Association()
        try await association.enrol("anna", roles: ["member"])
        try await association.run("anna", ["nominate", "Delft"])
        let planned = try await association.document("anna", ["sync", "--dry-run"])
        expect(planned, has: keys)
        #expect(planned["pending"] as? Int == 1 && planned["complete"] as? Bool == false)
        let report = try await association.document("anna", ["sync"])
        expect(report, has: keys)
        let verdict = try first(report, "verdicts")
        expect(verdict, has: "change verdict position code message remedy")
        #expect(verdict["verdict"] as? String == "accepted")

        await association.stop()
        try await association.run("anna", ["set", "Delft", "title", "zonder netwerk"])
        let failed = try await association.run("anna", ["sync", "--json"], expecting: 1)
        expect(try failed.document(), has: keys)
        expect(try failed.errorDocument(), has: "code message where remedy suggestions")
        #expect(try failed.errorDocument()["code"] as? String == "server.unreachable")
        let status = try await association.document("anna", ["status"])
        let blockedBy = status["blockedBy"] as? [String: Any]
        #expect(blockedBy?["code"] as? String == "server.unreachable" && status["queued"] as? Int == 1)
    }

    @Test func whatIsRefusedLiesInTheTrayUntilItsAuthorDecides() async throws {
        let association = try await Association()
        try await association.enrol("anna", roles: ["member"])
        try await association.run("sec", ["edition", "close", "2017"])
        try await association.run("sec", ["sync"])
        // Here the edition is open still; at the server it has closed.
        for nominee in ["Delft", "Leerdam"] {
            try await association.run("anna", ["nominate", nominee, "--motivation", "Om \(nominee)."])
        }
        try await association.run("anna", ["example", "Delft", "--title", "Buurthuis"])
        let report = try await association.document("anna", ["sync"])
        #expect(report["complete"] as? Bool == true && report["refused"] as? Int == 3)
        let tray = try await association.document("anna", ["tray", "list"])
        let items = try #require(tray["items"] as? [[String: Any]])
        #expect(items.count == 3)
        for item in items { expect(item, has: "id record operations code message remedy dependsOn") }
        #expect(
            items.map { $0["code"] as? String } == ["edition.closed", "edition.closed", "change.dependent"])
        #expect(try await association.run("anna", ["tray", "list"]).output.contains("Om Leerdam."))
        #expect(try await association.document("anna", ["list", "nomination"])["total"] as? Int == 0)

        try await association.run("sec", ["edition", "open", "2017"])
        try await association.run("sec", ["sync"])
        try await association.run("anna", ["sync"])
        let entry = try #require(items[0]["id"] as? String)
        let kept = try await association.run("anna", ["tray", "export", entry])
        #expect(kept.output.contains("Om Delft."))
        let again = try await association.document(
            "anna", ["tray", "edit", entry, "motivation", "Beter verwoord."])
        expect(again, has: "entry change state")
        try await association.run("anna", ["tray", "drop", "2"])
        #expect(
            (try await association.document("anna", ["tray", "list"])["items"] as? [Any])?.isEmpty ?? false)
        let accepted = try await association.document("anna", ["sync"])
        #expect(accepted["accepted"] as? Int == 2)
        let details = try await association.document("anna", ["show", "Delft"])
        let fields = try #require(details["fields"] as? [String: [String: Any]])
        #expect(fields["motivation"]?["value"] as? String == "Beter verwoord.")
        #expect((details["children"] as? [Any])?.count == 1)
    }

    @Test func watchingPrintsALineForEachExchangeAndEndsWhenAsked() async throws {
        let association = try await Association()
        for who in ["anna", "bert"] { try await association.enrol(who, roles: ["member"]) }
        let lines = try await association.watching("anna") { line in
            // Once it is connected, a colleague's edit comes in by itself.
            if line == 0 {
                try await association.run("bert", ["nominate", "Delft"])
                try await association.run("bert", ["sync"])
            }
            return line < 1
        }
        for line in lines {
            let read = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            expect(read, has: "complete accepted received cursor verdicts error")
        }
        #expect(try await association.document("anna", ["list", "nomination"])["total"] as? Int == 1)
    }
}

extension Array where Element: Sendable {
    fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
