// What the guide of the library shows, compiled; GuideTests hold the two together and run it.
import VoordrachtClient

enum Guide {
    static func enrol(link: String, folder: String) async throws {
        let voordracht = try await Voordracht.enrol(link, at: folder, deviceName: "laptop of Anna")
        try await voordracht.sync()
    }

    static func open(folder: String) async throws -> [RecordItem] {
        let voordracht = try Voordracht.open(at: folder)
        let nominations = try await voordracht.nominations()
        return nominations
    }

    static func failure(folder: String) -> String? {
        do {
            _ = try Voordracht.open(at: folder)
        } catch {
            let failure = Failure(error, in: .dutch)
            return "\(failure.message) \(failure.remedy)"
        }
        return nil
    }

    static func nominate(_ voordracht: Voordracht) async throws -> RecordID {
        let nomination = try await voordracht.nominate("Delft", motivation: "Delft begon vroeg.").record
        try await voordracht.addExample(to: nomination, title: "Buurtkamer", criteria: ["Preventie"])
        return nomination
    }

    static func edit(_ nomination: RecordID, _ voordracht: Voordracht) async throws {
        var form = try await voordracht.open(nomination)
        let before = form["motivation"]?.text ?? ""
        try await form.write("motivation", before + " De wijkteams volgden.")
        try await form.set("relation", to: Relation.partner.rawValue)
    }

    static func observe(_ voordracht: Voordracht, _ show: ([RecordItem]) -> Bool) async throws {
        for try await nominations in voordracht.observe({ try await $0.nominations() }) {
            guard show(nominations) else { break }
        }
    }

    static func exchange(_ voordracht: Voordracht, _ print: (Any...) -> Void) async throws {
        let report = try await voordracht.sync()
        if let failure = report.error { print(failure.message, failure.remedy) }
        for verdict in report.verdicts where verdict.verdict == "refused" {
            print(verdict.change, verdict.reason?.message ?? "")
        }
    }

    static func watch(_ voordracht: Voordracht) async throws {
        let watching = Task { try await voordracht.watch { report in print(report.received) } }
        watching.cancel()
        _ = await watching.result
    }

    static func status(_ voordracht: Voordracht, _ print: (Any...) -> Void) async throws {
        let status = try await voordracht.status()
        print(status.queued, status.tray, status.blockedBy?.message ?? "up to date")
    }

    static func settle(_ voordracht: Voordracht, _ print: (Any...) -> Void) async throws {
        for conflict in try await voordracht.conflicts().conflicts {
            for candidate in conflict.candidates { print(candidate.id, candidate.author, candidate.role) }
            try await voordracht.resolve(conflict.id, by: .keep("c1"))
        }
    }

    static func story(_ nomination: RecordID, _ voordracht: Voordracht, _ print: (Any...) -> Void)
        async throws
    {
        let story = try await voordracht.story(of: "relation", in: nomination)
        for event in story.history { print(event.author, event.action, event.outcome) }
    }

    static func sendAgain(_ voordracht: Voordracht, _ print: (Any...) -> Void) async throws {
        for item in try await voordracht.tray(in: .dutch).items {
            print(item.reason.message, item.reason.remedy)
            try await voordracht.retry(item.entry.description)
        }
    }
}
