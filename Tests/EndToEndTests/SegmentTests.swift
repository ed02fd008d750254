import ChangeLog
import Foundation
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import Synchronization
import Testing

/// Large audiences as files: fetched, interrupted, damaged, revoked.
@Suite(.serialized, .timeLimit(.minutes(3))) struct SegmentTests {
    /// A person who has written many notes, and devices that have none of them yet.
    private struct Scene {
        let world: World
        let writer: Replica
        let person: RecordID
        let audience: AudienceID
        let folder: URL

        /// - Parameter audience: where they are written; nil for the person's own.
        init(_ count: Int, audience: AudienceID? = nil) async throws {
            world = try await World.open(segments: SegmentMeasure(changes: 100), batchEntries: 40)
            person = try await world.person("Anna", [.workgroup])
            writer = try await world.enrol(person, as: "writer")
            self.audience = audience ?? AudienceID(family: "person", person)
            folder = world.folder
            var drafts: [Draft] = []
            for number in 0..<count {
                drafts.append(Note.draft(World.fresh(), "notitie \(number)", in: writer, for: self.audience))
            }
            for draft in drafts { _ = try await writer.record([draft]) }
            let report = await writer.exchange(over: try writer.connection())
            if let error = report.error { throw error }
            #expect(report.accepted == count)
        }

        /// A device that knows who it is, and has pulled nothing.
        func newcomer(_ name: String) async throws -> Replica {
            try await Replica.enrol(
                try await world.link(for: person).text, at: folder.appending(path: name).path,
                deviceName: name, rules: World.rules)
        }

        func left(of replica: Replica) throws -> [String] {
            let path = replica.folder + "/segments"
            guard FileManager.default.fileExists(atPath: path) else { return [] }
            return try FileManager.default.contentsOfDirectory(atPath: path)
        }

        func expectEqual(_ replica: Replica) async throws {
            // The one who wrote has the newest of the roster too.
            _ = await writer.exchange(over: try writer.connection())
            _ = await replica.exchange(over: try replica.connection())
            let (mine, theirs) = (try await writer.digest(), try await replica.digest())
            #expect(mine.audiences == theirs.audiences)
        }
    }

    // P-160, P-161
    @Test func aLargeAudienceArrivesAsFilesAndTheRestInItsLane() async throws {
        let scene = try await Scene(500)
        let (files, lane) = (try await scene.newcomer("files"), try await scene.newcomer("lane"))
        let metered = MeteredTransport(try files.connection())
        let report = await files.exchange(over: metered)
        #expect(report.error == nil && report.isComplete && report.segmentFault == nil)
        let plain = MeteredTransport(try lane.connection())
        let inline = await lane.exchange(over: InlineTransport(transport: plain))
        #expect(inline.error == nil)
        let (one, other) = (metered.meter.withLock { $0 }, plain.meter.withLock { $0 })
        // Three frames make 120: what does not fill another three is no segment.
        #expect(one.asked.count == 4 && one.asked.allSatisfy { $0.offset == 0 } && other.asked.isEmpty)
        print("bytes: \(one.fetched) in segments, \(one.inline) beside; \(other.inline) in the lane")
        #expect(one.fetched > other.inline / 2)
        #expect(one.fetched + one.inline < other.inline * 11 / 10)
        #expect(try scene.left(of: files).isEmpty)
        try await scene.expectEqual(files)
        try await scene.expectEqual(lane)
        try await scene.world.close()
    }

    // P-161
    @Test func whereverItIsCutOffNothingIsFetchedTwice() async throws {
        let scene = try await Scene(300)
        var size: Int?
        for step in [997, 4_001, 9_973] {
            let replica = try await scene.newcomer("cut every \(step)")
            let transport = MeteredTransport(try replica.connection())
            var rounds = 0
            while true {
                transport.meter.withLock { $0.fuse = step }
                let report = await replica.exchange(over: transport)
                rounds += 1
                if report.isComplete { break }
                #expect((report.error as? ConnectionError)?.code == .interrupted)
                #expect(rounds < 200)
            }
            let fetched = transport.fetched
            #expect(fetched == size ?? fetched, "cut every \(step) bytes")
            size = fetched
            #expect(rounds >= fetched / step)
            #expect(try scene.left(of: replica).isEmpty)
            try await scene.expectEqual(replica)
        }
        try await scene.world.close()
    }

    // P-161
    @Test func aDamagedSegmentIsFetchedOnceMoreAndThenTheLaneComesAsItIs() async throws {
        let scene = try await Scene(240)
        for (damages, isGivenUp) in [(2, false), (99, true)] {
            let replica = try await scene.newcomer("damaged \(damages)")
            let transport = MeteredTransport(try replica.connection())
            transport.meter.withLock { $0.damages = damages }
            let report = await replica.exchange(over: transport)
            #expect(report.isComplete && report.error == nil)
            #expect((report.segmentFault != nil) == isGivenUp)
            if let fault = report.segmentFault { #expect(fault.message.contains(scene.audience.name)) }
            #expect(transport.meter.withLock { $0.asked.count } < 6)
            #expect(try scene.left(of: replica).isEmpty)
            try await scene.expectEqual(replica)
        }
        try await scene.world.close()
    }

    /// Regression 7. P-161: the program dies when a segment is here and nothing, or a part, of it is applied.
    @Test func whatWasFetchedBeforeACrashIsAppliedAfterIt() async throws {
        let scene = try await Scene(240)
        for applied in [0, 1, 2] {
            let replica = try await scene.newcomer("crashed after \(applied)")
            let transport = MeteredTransport(try replica.connection())
            // Nothing of a segment comes, but as many of its frames in the lane.
            transport.meter.withLock { $0.laneFuse = applied }
            _ = await replica.exchange(over: InlineTransport(transport: transport))
            transport.meter.withLock { $0.laneFuse = nil }
            let donor = try await scene.newcomer("donor \(applied)")
            let whole = MeteredTransport(try donor.connection())
            _ = await donor.exchange(over: whole)
            let name = try #require(whole.meter.withLock { $0.asked.first?.hash })
            try FileManager.default.createDirectory(
                atPath: replica.folder + "/segments", withIntermediateDirectories: true)
            let bytes = Mutex<[UInt8]>([])
            _ = try await donor.connection().fetch(name, from: 0) { piece, _ in
                bytes.withLock { $0 += piece }
            }
            let file = replica.folder + "/segments/\(scene.audience.name)@\(name)"
            try Data(bytes.withLock { $0 }).write(to: URL(filePath: file))
            let report = await replica.exchange(over: transport)
            #expect(report.error == nil && report.segmentFault == nil)
            #expect(transport.meter.withLock { $0.asked.isEmpty }, "\(applied) frames were applied")
            #expect(try scene.left(of: replica).isEmpty)
            try await scene.expectEqual(replica)
        }
        try await scene.world.close()
    }

    /// Regression 11. P-162
    @Test func whatIsHalfFetchedGoesWithTheRight() async throws {
        let workgroup = try #require(AudienceID("workgroup"))
        let scene = try await Scene(240, audience: workgroup)
        let replica = try await scene.newcomer("revoked")
        let transport = MeteredTransport(try replica.connection())
        transport.meter.withLock { $0.fuse = 5_000 }
        #expect(await replica.exchange(over: transport).error != nil)
        let name = try #require(transport.meter.withLock { $0.asked.last?.hash })
        #expect(try scene.left(of: replica) == ["workgroup@\(name)"])
        try await scene.world.author([try RosterCommands.setRoles(of: scene.person, to: [.member])])
        transport.meter.withLock { $0.fuse = nil }
        // It is no file for this person any more, and was none for others.
        #expect(try await !replica.connection().fetch(name, from: 0) { _, _ in })
        let report = await replica.exchange(over: transport)
        #expect(report.isComplete && report.purged == [workgroup])
        #expect(try scene.left(of: replica).isEmpty)
        try await scene.world.close()
    }
}
