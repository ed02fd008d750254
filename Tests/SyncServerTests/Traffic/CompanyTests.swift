import ChangeLog
import Testing

@testable import SyncServer

@Suite struct CompanyTests {
    private let anna = record(1)
    private let bram = record(2)
    private let carla = record(3)

    private static func record(_ number: UInt64) -> RecordID {
        RecordID(Identifier128(high: 0, low: number))
    }

    @Test func `whoever is alone has nobody beside it, however often it comes`() {
        var company = Company()
        #expect(!company.hasOthers(than: anna, now: 0))
        for now in Int64(0)...9 { company.note(anna, now: now) }
        #expect(!company.hasOthers(than: anna, now: 9))
        #expect(company.hasOthers(than: bram, now: 9))
    }

    @Test func `others count for a second`() {
        var company = Company()
        company.note(bram, now: 0)
        company.note(anna, now: 500)
        company.note(anna, now: 900)
        #expect(company.hasOthers(than: anna, now: 1_000))
        #expect(!company.hasOthers(than: anna, now: 1_001))
        company.note(bram, now: 2_000)
        company.note(carla, now: 2_500)
        for device in [anna, bram, carla] { #expect(company.hasOthers(than: device, now: 3_000)) }
        #expect(!company.hasOthers(than: carla, now: 3_001), "Bram was there longer ago")
        #expect(company.hasOthers(than: bram, now: 3_001))
    }
}
