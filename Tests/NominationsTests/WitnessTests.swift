import ChangeLog
import Merging
import Nominations
import Testing

@Suite("Submissions that were told of before closing")
struct WitnessTests {
    @Test("A code reads as it is heard, and is the beginning of the hash")
    func codes() throws {
        let hash = try #require(ChangeHash(bytes: (0..<32).map { UInt8(255 - 8 * $0 & 255) }))
        let code = WitnessCode(hash)
        #expect(code.symbols.utf8.count == 16)
        #expect(WitnessCode(code.description) == code && code.description.utf8.count == 19)
        #expect(WitnessCode(" " + code.symbols.lowercased() + "\n") == code)
        // 0xFF 0xF7 0xEF 0xE7 0xDF in groups of five bits.
        #expect(code.symbols.hasPrefix("ZZVYZSYZ"))
        for wrong in ["", "ABCD", code.symbols + "0", "UUUU-UUUU-UUUU-UUUU", "ÀBCD-ABCD-ABCD-ABCD"] {
            #expect(WitnessCode(wrong) == nil, "\(wrong)")
        }
        #expect(WitnessCode("OIL0-OIL0-OIL0-OIL0")?.symbols == "0110011001100110")
    }

    /// A submission of Delft as the server judges it.
    private func verdict(
        receivedHours: Int64, lodgedHours: Int64?, graceHours: Int64?, claimedHours: Int64 = -2
    ) throws -> String {
        let award = try TestAward()
        if let graceHours {
            try award.secretariat.record([
                Draft(
                    audience: Roster.audience,
                    operations: [
                        .operation(
                            .write(award.edition, EditionField.graceHours, .decided, .integer(graceHours)))
                    ])
            ])
            try award.secretariat.sync()
        }
        let nomination = try award.nominationOfDelft()
        let drafted = try Submit(nomination: nomination, fresh: award.server.fresh()).drafted(
            in: award.anna.view)
        let hash = testHash([7])
        func moment(_ hours: Int64) -> Int64 { TestAward.closes + hours * 3_600_000 }
        if let lodgedHours {
            let code = WitnessCode(hash)
            try award.server.write(
                RosterCommands.witness(code, at: moment(lodgedHours), hash: testHash).operations)
        }
        let draft = try #require(drafted.drafts.first)
        let operations = draft.operations.compactMap { step -> Operation? in
            if case .operation(let operation) = step { operation } else { nil }
        }
        let envelope = Envelope(
            id: ChangeID(replica: award.anna.replica, number: 1000),
            base: Base(epoch: TestServer.epoch, position: .origin, own: 999),
            time: HybridTime(milliseconds: moment(claimedHours)), audience: draft.audience,
            schema: NominationSchema.version)
        let outcome = try award.server.rules.admit(
            Admission(
                author: .person(award.anna.person, device: award.anna.person), envelope: envelope,
                operations: operations, receivedMilliseconds: moment(receivedHours), hash: hash),
            award.server.facts)
        switch outcome {
        case .accept: return "accepted"
        case .hold(let reason), .refuse(let reason): return reason.code
        }
    }

    @Test("Within the grace period it counts, whatever clock it was made by; told too late it does not")
    func grace() throws {
        #expect(try verdict(receivedHours: 5, lodgedHours: -1, graceHours: 6) == "accepted")
        #expect(try verdict(receivedHours: 6, lodgedHours: 0, graceHours: 6) == "accepted")
        #expect(
            try verdict(receivedHours: 5, lodgedHours: -1, graceHours: 6, claimedHours: 3) == "accepted")
        #expect(try verdict(receivedHours: 7, lodgedHours: -1, graceHours: 6) == "submission.afterGrace")
        #expect(try verdict(receivedHours: 1, lodgedHours: -1, graceHours: nil) == "submission.afterGrace")
        #expect(try verdict(receivedHours: 5, lodgedHours: 1, graceHours: 6) == "submission.late")
        #expect(
            try verdict(receivedHours: 5, lodgedHours: 1, graceHours: 6, claimedHours: 3)
                == "submission.closed")
        #expect(try verdict(receivedHours: 5, lodgedHours: nil, graceHours: 6) == "submission.late")
        #expect(try verdict(receivedHours: -1, lodgedHours: nil, graceHours: nil) == "accepted")
        #expect(
            try verdict(receivedHours: 1, lodgedHours: -1, graceHours: .max) == "accepted", "no overflow")
    }

    @Test("What was made in time is not made anew after closing: nothing new could be in time")
    func notAnew() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        let submission = try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.perform(SetField(record: nomination, field: "title", value: "later"))
        func replaced() throws -> [RecordID] {
            try AutomaticSubmission.replacements(
                for: [submission], in: award.anna.view, fresh: award.server.fresh
            ).map(\.submission)
        }
        #expect(try replaced() == [submission])
        award.server.now = TestAward.closes + 1
        #expect(try replaced() == [])
        // Nor what was told, by a clock that says that there is time left.
        award.server.now = TestAward.closes - 1
        try tell(of: submission, in: award, at: TestAward.closes - 2)
        #expect(try replaced() == [])
    }

    /// The server writes the code of a submission of Anna's down.
    private func tell(of submission: RecordID, in award: TestAward, at moment: Int64) throws {
        let view = award.anna.view
        let audience = try #require(view.audience(of: submission))
        let change = try #require(view.merged(submission, in: audience)?.creation?.change)
        let code = WitnessCode(try #require(view.chainHash(of: change)))
        try award.server.write(RosterCommands.witness(code, at: moment, hash: testHash).operations)
        try award.anna.pull()
        #expect(try award.anna.view.lodged(change) == moment)
    }

    @Test("Only what was told before closing is shown so", arguments: [-1, 0, 1] as [Int64])
    func shown(after: Int64) throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        let submission = try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try tell(of: submission, in: award, at: TestAward.closes + after)
        try award.anna.sync()
        try award.reviewer.pull()
        let shown = try Dossier(of: "Delft", in: award.reviewer.view, .dutch).nominations.map(\.witnessed)
        #expect(shown == [after > 0 ? nil : AmsterdamTime.iso(TestAward.closes + after)])
    }

    @Test("No moment of closing is too strange to be judged")
    func extremes() throws {
        for closes in [Int64.min, -1, 0, .max] {
            let award = try TestAward()
            let nomination = try award.nominationOfDelft()
            try award.secretariat.record([
                Draft(
                    audience: Roster.audience,
                    operations: [
                        .operation(.write(award.edition, EditionField.closes, .decided, .instant(closes)))
                    ])
            ])
            try award.secretariat.sync()
            let hash = testHash([7])
            try award.server.write(
                RosterCommands.witness(WitnessCode(hash), at: .min, hash: testHash).operations)
            let draft = try #require(
                try Submit(nomination: nomination, fresh: award.server.fresh()).drafted(in: award.anna.view)
                    .drafts.first)
            let envelope = Envelope(
                id: ChangeID(replica: award.anna.replica, number: 1000),
                base: Base(epoch: TestServer.epoch, position: .origin, own: 999), time: HybridTime(0),
                audience: draft.audience, schema: NominationSchema.version)
            let outcome = try award.server.rules.admit(
                Admission(
                    author: .person(award.anna.person, device: award.anna.person), envelope: envelope,
                    operations: draft.operations.compactMap { step -> Operation? in
                        if case .operation(let operation) = step { operation } else { nil }
                    }, receivedMilliseconds: .max, hash: hash), award.server.facts)
            switch outcome {
            case .accept: #expect(closes == .max)
            case .hold(let reason): #expect(reason.code == "submission.afterGrace" && closes < .max)
            case .refuse(let reason): Issue.record("\(reason.code)")
            }
        }
    }

    @Test("Nobody but the server writes down what was told")
    func rights() throws {
        let award = try TestAward()
        let outcome = RosterCommands.witness(WitnessCode(testHash([1])), at: 0, hash: testHash)
        #expect {
            try award.secretariat.record([
                Draft(audience: Roster.audience, operations: outcome.operations.map { .operation($0) })
            ])
        } throws: { ($0 as? Reason)?.code == "roster.serverOnly" }
    }
}
