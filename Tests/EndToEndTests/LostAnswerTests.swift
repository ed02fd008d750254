import ChangeLog
import Foundation
import Merging
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing
import VoordrachtClient

/// The answer to each kind of request is cut off at one place after another, and the request made again.
///
/// What was cut is the server's word: it logs what it is asked before it answers. A cut before that falls
/// into the handshake.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LostAnswerTests {
    private static let handshake = "handshake"

    /// Cuts the answer on one of an attempt's connections, after ever more bytes, until an attempt is
    /// through before the cut, or says that it is the last.
    ///
    /// - Returns: how often which answer was cut.
    private func cut(
        _ connection: Int, in world: World, every step: Int = 60, _ attempt: () async throws -> Bool
    ) async throws -> [String: Int] {
        var cuts: [String: Int] = [:]
        for bytes in stride(from: 0, to: 20_000, by: step) {
            world.requests.forget()
            world.proxy.cut(connection: connection, after: bytes)
            let goesOn = try await attempt()
            let (hasCut, asked) = (world.proxy.hasCut, world.requests.asked)
            world.proxy.pass()
            guard hasCut else { return cuts }
            cuts[asked.count < connection ? Self.handshake : asked[connection - 1], default: 0] += 1
            guard goesOn else { return cuts }
        }
        Issue.record("the cuts never came to the end of an answer: \(cuts)")
        return cuts
    }

    /// P-015, P-017.
    @Test func anEnrolmentIsRepeatedUntilItsAnswerArrives() async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let link = try await world.link(for: person)
        let path = world.folder.appending(path: "laptop").path
        var failures = 0
        let cuts = try await cut(1, in: world) {
            do {
                _ = try await Replica.enrol(link.text, at: path, deviceName: "laptop", rules: World.rules)
                return false
            } catch is ConnectionError {
                failures += 1
                return true
            }
        }
        #expect(cuts["/enrol", default: 0] >= 10 && cuts[Self.handshake, default: 0] >= 10, "\(cuts)")
        #expect(failures >= 20)
        #expect(try await world.workspace.service.devices().count(where: { $0.person == person }) == 1)
        let laptop = try Replica.open(at: path, rules: World.rules)
        let report = await laptop.exchange(over: try laptop.connection())
        #expect(report.isComplete, "\(String(describing: report.error))")
        try await world.close()
    }

    /// A pull, a push and the pull of what the push brought about, each of them cut. P-015, P-041.
    @Test(arguments: [(connection: 1, path: "/pull"), (2, "/push"), (3, "/pull")])
    func anExchangeIsRepeatedUntilItsAnswersArrive(connection: Int, path: String) async throws {
        let world = try await World.open()
        let person = try await world.person("Anna", [.workgroup])
        let laptop = try await world.enrol(person, as: "laptop")
        var notes: [RecordID] = []
        let cuts = try await cut(connection, in: world) {
            let note = World.fresh()
            notes.append(note)
            _ = try await laptop.record([Note.draft(note, "notitie \(notes.count)", in: laptop)])
            let report = await laptop.exchange(over: try laptop.connection())
            #expect(report.isComplete || world.proxy.hasCut, "\(String(describing: report.error))")
            return true
        }
        #expect(cuts[path, default: 0] >= 3, "\(cuts)")
        let report = await laptop.exchange(over: try laptop.connection())
        #expect(report.isComplete, "\(String(describing: report.error))")
        let again = await laptop.exchange(over: try laptop.connection())
        #expect(again.isComplete && again.received == 0 && again.verdicts.isEmpty)
        let counts = try await laptop.read { try $0.counts() }
        #expect(counts.queued == 0 && counts.tray == 0 && counts.waiting == 0)

        let desktop = try await world.enrol(person, as: "desktop")
        for (index, note) in notes.enumerated() {
            #expect(try await Note.text(note, in: desktop) == "notitie \(index + 1)")
        }
        // The second device stands in the roster, which the first has yet to hear of.
        _ = await laptop.exchange(over: try laptop.connection())
        #expect(try await laptop.digest().audiences.map(\.digest) == desktop.digest().audiences.map(\.digest))
        try await world.close()
    }

    /// What became of a held change is asked for in a push of its own.
    /// Regression 4.
    @Test func aQuestionIsRepeatedUntilItsAnswerArrives() async throws {
        let world = try await World.open()
        let organisation = try await world.organisation("Welzijn Delft")
        let office = try await world.member("office", [.secretariat], of: nil)
        let closes = AmsterdamTime.iso(world.clock.nowMilliseconds + 3_600_000)
        try await office.createEdition(
            2017, name: "Editie", referenceDate: "2017-01-01", closes: closes)
        try await office.perform(OpenEdition(edition: "2017"))
        _ = try await World.synced(office)
        let anna = try await world.member("anna", [.member], of: organisation)
        let nomination = try await anna.nominate("Delft").record
        try await anna.addExample(to: nomination, title: "Buurtkamer")
        try await anna.submit(nomination)
        world.clock.putForward(days: 2)
        let late = try await World.synced(anna)
        #expect(late.held == 1)

        let cuts = try await cut(2, in: world) {
            let report = try await anna.sync()
            #expect(report.isComplete || world.proxy.hasCut, "\(String(describing: report.error))")
            return true
        }
        #expect(cuts["/push", default: 0] >= 3, "\(cuts)")
        let held = try await world.workspace.service.held()
        #expect(held.count == 1)
        try await world.workspace.service.release(try #require(held.first).change)
        let released = try await World.synced(anna)
        #expect(released.received == 1 && released.held == 0 && released.refused == 0)
        let status = try await anna.status()
        #expect(status.held == 0 && status.queued == 0 && status.tray == 0)
        try await world.close()
    }

    /// P-043: what was written where one may not write any more is told once, with its reason.
    @Test func editsThatARevocationTakesAreToldOnce() async throws {
        let world = try await World.open()
        let person = try await world.person("Wim", [.workgroup])
        let replica = try await world.enrol(person, as: "laptop")
        let workgroup = try #require(AudienceID("workgroup"))
        for text in ["een", "twee", "drie"] {
            _ = try await replica.record([Note.draft(World.fresh(), text, in: replica, for: workgroup)])
            if text == "een" {
                let report = await replica.exchange(over: try replica.connection())
                #expect(report.isComplete && report.accepted == 1)
            }
        }
        try await world.author([try RosterCommands.setRoles(of: person, to: [.member])])
        let report = await replica.exchange(over: try replica.connection())
        #expect(report.isComplete && report.refused == 2)
        let codes = report.judgements.compactMap(\.reason?.code)
        #expect(codes == ["audience.revoked", "audience.revoked"])
        #expect(await replica.exchange(over: try replica.connection()).refused == 0)
        #expect(try await replica.read { try $0.tray() }.count == 2)
        try await world.close()
    }

    /// An audience is given up, and that it was is told until the server has heard it.
    @Test func aRevocationAndItsConfirmationAreRepeatedUntilTheirAnswersArrive() async throws {
        let world = try await World.open()
        let person = try await world.person("Wim", [.workgroup])
        let replica = try await world.enrol(person, as: "laptop")
        let workgroup = try #require(AudienceID("workgroup"))
        let device = replica.identity.device
        _ = try await replica.record([Note.draft(World.fresh(), "beraad", in: replica, for: workgroup)])
        let begun = await replica.exchange(over: try replica.connection())
        #expect(begun.isComplete, "\(String(describing: begun.error))")
        #expect(try await world.holding(device).contains(workgroup))
        try await world.author([try RosterCommands.setRoles(of: person, to: [.member])])
        var isPurged = false
        let revocations = try await cut(1, in: world, every: 30) {
            _ = await replica.exchange(over: try replica.connection())
            isPurged = try await replica.purged().contains(workgroup)
            return !isPurged
        }
        #expect(isPurged && revocations["/pull", default: 0] >= 3, "\(revocations)")
        let confirmations = try await cut(1, in: world, every: 30) {
            _ = await replica.exchange(over: try replica.connection())
            return try await !replica.purged().isEmpty
        }
        #expect(confirmations["/pull", default: 0] >= 1, "\(confirmations)")
        #expect(try await replica.purged().isEmpty)
        #expect(try await !world.holding(device).contains(workgroup))
        try await world.close()
    }
}
