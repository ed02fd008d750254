import Foundation
import Testing
import VoordrachtClient

/// What an exchange submits by itself.
@Suite struct SubmissionTests {
    @Test func colleaguesWhoSubmitOneDraftOfflineGiveOneSubmissionOfBoth() async throws {
        let association = try await Association()
        for who in ["anna", "bert"] { try await association.enrol(who, roles: ["member"]) }
        try await association.enrol("rita", roles: ["reviewer"], organisation: nil)
        for (who, title) in [("anna", "Buurthuis"), ("bert", "Pilot")] {
            try await association.run(who, ["nominate", "Delft"])
            try await association.run(who, ["example", "Delft", "--title", title])
            try await association.run(who, ["submit", "Delft"])
        }
        for who in ["anna", "bert", "anna", "rita"] { try await association.run(who, ["sync"]) }

        let submissions = try await association.document("rita", ["list", "submission"])
        // Anna's own, which came first, and Bert's made anew with both examples.
        #expect(submissions["total"] as? Int == 2)
        let review = try await association.document("rita", ["review", "Delft"])
        let nominations = try #require(review["nominations"] as? [[String: Any]])
        #expect(nominations.count == 1)
        #expect(nominations.first?["examples"] as? Int == 2)
        let contributors = try #require(nominations.first?["contributors"] as? [[String: String]])
        #expect(contributors.compactMap { $0["name"] }.sorted() == ["anna", "bert"])
        let status = try await association.document("bert", ["status"])
        #expect(status["tray"] as? Int == 0 && status["queued"] as? Int == 0)
    }

    @Test func mergedDraftsFollowBySelvesAfterTheFirstSubmission() async throws {
        let association = try await Association()
        try await association.enrol("anna", roles: ["member"])
        try await association.run("anna", ["nominate", "Delft"])
        try await association.run("anna", ["example", "Delft", "--title", "Buurthuis"])
        try await association.run("anna", ["submit", "Delft"])
        try await association.run("anna", ["sync"])
        try await association.run("anna", ["set", "Delft", "title", "Delft voorop"])
        let report = try await association.document("anna", ["sync"])
        #expect(report["accepted"] as? Int == 2)
        let quiet = try await association.document("anna", ["sync"])
        #expect(quiet["accepted"] as? Int == 0 && quiet["complete"] as? Bool == true)
        try await association.run("anna", ["withdraw", "Delft"])
        try await association.run("anna", ["set", "Delft", "title", "Toch niet"])
        let after = try await association.document("anna", ["sync"])
        #expect(after["accepted"] as? Int == 2)
    }

    @Test func afterClosingADraftGoesOnAndKeepsNothingFromBeingSent() async throws {
        let association = try await Association()
        try await association.enrol("anna", roles: ["member"])
        try await association.run("anna", ["nominate", "Delft"])
        try await association.run("anna", ["example", "Delft", "--title", "Buurthuis"])
        try await association.run("anna", ["submit", "Delft"])
        try await association.run("anna", ["sync"])
        try await association.run("sec", ["edition", "close", "2017"])
        try await association.run("sec", ["sync"])
        try await association.run("anna", ["sync"])
        try await association.run("anna", ["set", "Delft", "title", "Na sluiting"])
        let report = try await association.document("anna", ["sync"])
        #expect(report["accepted"] as? Int == 1 && report["complete"] as? Bool == true)
        let status = try await association.document("anna", ["status"])
        #expect(status["queued"] as? Int == 0)
    }
}
