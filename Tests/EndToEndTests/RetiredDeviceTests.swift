import ChangeLog
import Foundation
import GRDB
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Testing

/// The last session of a device that goes out of use.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RetiredDeviceTests {
    private struct Scene {
        let world: World
        let old: Replica
        let new: Replica
        let audience: AudienceID
        let sent = World.fresh()
        let unsent = World.fresh()

        /// A person with two devices; the old one has a note that is known, and one that was never sent.
        init() async throws {
            world = try await World.open()
            let person = try await world.person("Anna", [.workgroup])
            old = try await world.enrol(person, as: "old")
            new = try await world.enrol(person, as: "new")
            audience = AudienceID(family: "person", person)
            _ = try await old.record([Note.draft(sent, "sent", in: old)])
            for replica in [old, new] {
                let report = await replica.exchange(over: try replica.connection())
                #expect(report.isComplete)
            }
            _ = try await old.record([Note.draft(unsent, "unsent", in: old)])
        }

        func revoke(lost: Bool) async throws {
            try await world.workspace.service.revoke(device: old.identity.device, lost: lost)
        }

        func exchange(_ replica: Replica) async throws -> ExchangeReport {
            await replica.exchange(over: try replica.connection())
        }
    }

    // P-135
    @Test func aRetiredDeviceHandsInWhatItHasAndDeletesTheRest() async throws {
        let scene = try await Scene()
        try await scene.revoke(lost: false)
        #expect(try await scene.world.workspace.service.exposures().map(\.audience).contains(scene.audience))
        let report = try await scene.exchange(scene.old)
        #expect(report.isComplete && report.hasHandedIn && report.error == nil)
        #expect(report.held == 1 && report.purged.contains(scene.audience))
        // The words are the author's, and lie in the tray; what was accepted is gone.
        let tray = try await scene.old.read { try $0.tray() }
        #expect(tray.map(\.reason.code) == ["device.handedIn"])
        #expect(try await scene.old.read { try $0.audiences() }.isEmpty)
        #expect(try await scene.world.holding(scene.old.identity.device).isEmpty)
        #expect(try await scene.world.workspace.service.exposures().isEmpty)
        // That was the last one.
        let next = try await scene.exchange(scene.old)
        #expect((next.error as? ConnectionError)?.reason?.code == "device.closed")
        // The secretariat decides, and the other device has it then, as the author's.
        let held = try await scene.world.workspace.service.held()
        #expect(held.map(\.reason.code) == ["change.deviceRevoked"])
        try await scene.world.workspace.service.release(try #require(held.first).change)
        #expect(try await scene.exchange(scene.new).isComplete)
        #expect(try await Note.text(scene.unsent, in: scene.new) == "unsent")
        try await scene.world.close()
    }

    // P-135
    @Test func allThatWasHandedInIsLetInAtOnce() async throws {
        let scene = try await Scene()
        for number in 0..<5 {
            _ = try await scene.old.record([Note.draft(World.fresh(), "more \(number)", in: scene.old)])
        }
        try await scene.revoke(lost: false)
        #expect(try await scene.exchange(scene.old).hasHandedIn)
        let service = scene.world.workspace.service
        // What follows in one chain waits behind the first.
        let held = try await service.held()
        #expect(held.map(\.waiting) == [5])
        try await service.release(try #require(held.first).change, handedIn: true)
        #expect(try await service.held().isEmpty)
        #expect(try await scene.exchange(scene.new).isComplete)
        let digest = try await scene.new.digest().audiences.first { $0.audience == scene.audience }
        #expect(digest?.changes == 7)
        try await scene.world.close()
    }

    // P-135
    @Test func itGetsNothingAnyMore() async throws {
        let scene = try await Scene()
        _ = try await scene.new.record([Note.draft(World.fresh(), "later", in: scene.new)])
        #expect(try await scene.exchange(scene.new).isComplete)
        try await scene.revoke(lost: false)
        let report = try await scene.exchange(scene.old)
        #expect(report.received == 0 && report.hasHandedIn)
        try await scene.world.close()
    }

    // P-135
    @Test func aLastSessionThatIsCutOffGoesOn() async throws {
        let scene = try await Scene()
        try await scene.revoke(lost: false)
        // Behind the refused pull the verdict, and once that has come the confirmation, each after more bytes.
        var cuts = (verdict: 0, confirmation: 0)
        for _ in 0..<200 {
            let isQueued = try await scene.old.read { try $0.counts() }.queued > 0
            // Once the verdict passes, the confirmation comes right behind it, on a connection of its own.
            let isThrough = isQueued && cuts.verdict > 10
            let bytes = isThrough ? 0 : 60 * (isQueued ? cuts.verdict : cuts.confirmation)
            scene.world.proxy.cut(connection: isThrough ? 3 : 2, after: bytes)
            let report = try await scene.exchange(scene.old)
            #expect(!report.hasHandedIn || !scene.world.proxy.hasCut)
            scene.world.proxy.pass()
            if (report.error as? ConnectionError)?.reason?.code == "device.closed" { break }
            if isQueued { cuts.verdict += 1 } else { cuts.confirmation += 1 }
        }
        #expect(cuts.verdict > 5 && cuts.confirmation > 5, "\(cuts)")
        let last = try await scene.exchange(scene.old)
        #expect((last.error as? ConnectionError)?.reason?.code == "device.closed")
        #expect(try await scene.world.workspace.service.held().count == 1)
        #expect(try await scene.world.workspace.service.exposures().isEmpty)
        try await scene.world.close()
    }

    /// P-111, P-135: a disk that was copied hands in what stands on it under an id of its own.
    @Test func aCopyOfARetiredDeviceHandsInToo() async throws {
        let scene = try await Scene()
        let folder = scene.world.folder
        try FileManager.default.copyItem(
            at: folder.appending(path: "old"), to: folder.appending(path: "copy"))
        let copy = try Replica.open(at: folder.appending(path: "copy").path, rules: World.rules)
        _ = try await scene.old.record([Note.draft(World.fresh(), "on the disk", in: scene.old)])
        _ = try await copy.record([Note.draft(World.fresh(), "on the copy", in: copy)])
        #expect(try await scene.exchange(scene.old).isComplete)
        try await scene.revoke(lost: false)
        let report = try await scene.exchange(copy)
        #expect(report.hasHandedIn && report.continuedAs != nil, "\(String(describing: report.error))")
        let held = try await scene.world.workspace.service.held()
        #expect(held.count == 1)
        try copy.close()
        try await scene.world.close()
    }

    // P-014, P-135
    @Test func aLostDeviceHandsInNothing() async throws {
        let scene = try await Scene()
        try await scene.revoke(lost: true)
        let report = try await scene.exchange(scene.old)
        #expect((report.error as? ConnectionError)?.reason?.code == "device.lost" && !report.hasHandedIn)
        #expect(try await scene.old.read { try $0.counts() }.queued == 1)
        let exposures = try await scene.world.workspace.service.exposures()
        let exposed = try #require(exposures.first { $0.audience == scene.audience })
        #expect(exposed.changes == 1 && exposed.records == 1)
        #expect(exposures.allSatisfy { $0.device.device == scene.old.identity.device })
        try await scene.world.close()
    }
}
