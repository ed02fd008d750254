import ChangeLog
import Testing

@testable import SyncServer

@Suite struct NamedRecordTests {
    private static func record(_ hex: String) throws -> RecordID {
        try #require(RecordID(hex: hex + String(repeating: "0", count: 32 - hex.utf8.count)))
    }

    private func candidates() throws -> [NamedRecord] {
        try [("aaaaaa1", "Anna"), ("aaaaaa2", "Bas"), ("bbbbbb", "Anna"), ("cccccc", "bas de Wit")].map {
            NamedRecord(record: try Self.record($0.0), name: $0.1)
        }
    }

    @Test func `an id, its beginning or a name finds one`() throws {
        let all = try candidates()
        for (text, name) in [
            ("aaaaaa1", "Anna"), ("AAAAAA2", "Bas"), ("bbbbbb", "Anna"), ("Bas", "Bas"),
            ("BAS DE WIT", "bas de Wit"), (all[3].record.description, "bas de Wit"),
        ] {
            let found = try NamedRecord.find(text, in: all)
            #expect(all.first { $0.record == found }?.name == name, "\(text)")
        }
    }

    @Test func `what means several is answered with them`() throws {
        let all = try candidates()
        for text in ["aaaaaa", "Anna", "anna"] {
            do {
                _ = try NamedRecord.find(text, in: all)
                Issue.record("\(text) was found")
            } catch {
                #expect(error == AdministrationError(.recordAmbiguous))
                #expect(error.suggestions.count == 2)
            }
        }
    }

    @Test func `an id is found with its letter and without, and told with it`() throws {
        let all = try candidates()
        let people = all.map { NamedRecord(record: $0.record, name: $0.name, isPerson: true) }
        for text in ["rbbbbbb", "pbbbbbb", "RBBBBBB", "r\(all[2].record)", "p\(all[2].record)"] {
            #expect(try NamedRecord.find(text, in: all) == all[2].record, "\(text)")
        }
        for (candidates, letter) in [(all, "r"), (people, "p")] {
            do {
                _ = try NamedRecord.find("paaaaaa", in: candidates)
                Issue.record("two ids begin so")
            } catch {
                #expect(error.suggestions.first == "\(letter)\(all[0].record) Anna")
            }
        }
        #expect(Reference.record("p\(all[2].record)") == all[2].record)
        #expect(Reference.record("pbbbbbb") == nil)
    }

    @Test func `what looks like the beginning of an id may be a name`() throws {
        let all = [NamedRecord(record: try Self.record("aaaaaa1"), name: "Decade")]
        #expect(try NamedRecord.find("decade", in: all) == all[0].record)
    }

    @Test func `less than six digits of an id are a name`() throws {
        let all = try candidates()
        #expect(throws: AdministrationError(.recordUnknown)) { try NamedRecord.find("ccccc", in: all) }
        #expect(throws: AdministrationError(.recordUnknown)) { try NamedRecord.find("rccccc", in: all) }
        #expect(throws: AdministrationError(.recordUnknown)) { try NamedRecord.find("", in: all) }
    }
}
