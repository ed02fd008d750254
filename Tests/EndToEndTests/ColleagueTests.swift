import ChangeLog
import Foundation
import Merging
import Nominations
import OfflineReplica
import SyncProtocol
import Synchronization
import Testing

@testable import VoordrachtClient

/// Two of one organisation work on a nomination that takes part: what the jury reads is what both wrote.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ColleagueTests {
    private struct Scene {
        let world: World
        let anna: Voordracht
        let bert: Voordracht
        let nomination: RecordID

        init() async throws {
            world = try await World.open()
            let secretariat = try await world.member("Sanne", [.secretariat], of: nil)
            try await secretariat.perform(
                CreateEdition(
                    year: 2026, name: "De sociaalste gemeente",
                    closes: world.clock.nowMilliseconds + 3_600_000,
                    graceHours: 48))
            try await secretariat.perform(OpenEdition(edition: "2026"))
            _ = try await World.synced(secretariat)
            let organisation = try await world.organisation("Welzijn Delft")
            anna = try await world.member("Anna", [.member], of: organisation)
            bert = try await world.member("Bert", [.member], of: organisation)
            nomination = try await anna.nominate("Delft").record
            try await anna.addExample(to: nomination, title: "Buurtteams")
            try await anna.submit(nomination)
            for member in [anna, bert] { _ = try await World.synced(member) }
        }

        func edit(_ number: Int) async throws {
            try await anna.perform(SetField(record: nomination, field: "title", value: "Titel \(number)"))
            try await bert.perform(
                SetField(record: nomination, field: "contactPerson", value: "Persoon \(number)"))
        }

        /// Whether the submission that counts says all that the draft says.
        func isSubmitted(by member: Voordracht) async throws -> Bool {
            try await member.read { view in
                try AutomaticSubmission.drafts(in: view) { World.fresh() }.isEmpty
            }
        }

        func expectBoth(_ number: Int) async throws {
            for member in [anna, bert] {
                let shown = try await member.read { view -> [String?] in
                    let audience = Audience.organisation(
                        try #require(
                            try view.facts(of: member.person).organisation)
                    ).id
                    let merged = try view.merged(nomination, in: audience)
                    return ["title", "contactPerson"].map { name in
                        merged?.fields.first { $0.name.name == name }?.value?.text
                    }
                }
                #expect(shown == ["Titel \(number)", "Persoon \(number)"])
                #expect(try await isSubmitted(by: member))
            }
        }
    }

    /// Regression 22: the colleague's exchange falls between the pull and the push of one's own.
    @Test func whoSendsBetweenPullAndPushIsSubmittedToo() async throws {
        let scene = try await Scene()
        try await scene.edit(1)
        let bert = scene.bert
        let transport = TurnTransport(try scene.anna.replica.connection()) {
            _ = try await World.synced(bert)
        }
        let report = await scene.anna.replica.exchange(over: transport, prepare: Voordracht.prepare)
        #expect(report.isComplete && report.error == nil)
        _ = try await World.synced(bert)
        try await scene.expectBoth(1)
        // Nobody goes on for ever.
        #expect(try await World.synced(scene.anna).received <= 1)
        #expect(try await World.synced(scene.anna).accepted == 0)
        try await scene.world.close()
    }

    /// Regression 22: both are connected, edit at once, and do nothing more.
    @Test func whoWatchesSubmitsWhatTheColleagueSent() async throws {
        let scene = try await Scene()
        let watching = [scene.anna, scene.bert].map { member in
            Task { try await member.watch { _ in } }
        }
        for number in 1...5 {
            try await scene.edit(number)
            for member in [scene.anna, scene.bert] {
                for await _ in member.replica.observe() {
                    let isQuiet = try await member.replica.read { try $0.counts().queued } == 0
                    let merged = try await member.read { view in
                        let audience = Audience.organisation(
                            try #require(try view.facts(of: member.person).organisation)
                        ).id
                        return try view.merged(scene.nomination, in: audience)?.fields.compactMap(
                            \.value?.text) ?? []
                    }
                    let hasBoth = merged.contains("Titel \(number)") && merged.contains("Persoon \(number)")
                    if isQuiet, hasBoth, try await scene.isSubmitted(by: member) { break }
                }
            }
        }
        for task in watching { task.cancel() }
        for task in watching { try await task.value }
        for member in [scene.anna, scene.bert, scene.anna] { _ = try await World.synced(member) }
        try await scene.expectBoth(5)
        try await scene.world.close()
    }
}

/// Lets somebody else have a turn before the first push.
private final class TurnTransport: FrameTransport {
    private let connection: ServerConnection
    private let turn: Mutex<(@Sendable () async throws -> Void)?>

    init(_ connection: ServerConnection, turn: @escaping @Sendable () async throws -> Void) {
        self.connection = connection
        self.turn = Mutex(turn)
    }

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        let other =
            path == "/push"
            ? turn.withLock { turn in
                defer { turn = nil }
                return turn
            } : nil
        try await other?()
        try await connection.converse(path, sending: frames, receive: receive)
    }
}
