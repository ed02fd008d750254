import MunicipalRegister
import Testing

@Suite struct CivilDateTests {
    @Test func readsAndWritesISO() throws {
        #expect(try #require(CivilDate(iso: "2015-06-04")).iso == "2015-06-04")
        #expect(try #require(CivilDate(iso: "0001-01-01")).iso == "0001-01-01")
        #expect(try #require(CivilDate(iso: "9999-12-31")).iso == "9999-12-31")
    }

    @Test(arguments: [
        "", "2015", "2015-6-4", "2015-13-01", "2015-00-10", "2015-02-29", "1900-02-29", "2015-04-31",
        "0000-01-01",
        "2015/06/04", "2015-06-04 ", "+015-06-04", "2015-06-0٤", "20150-6-04",
    ])
    func refusesWhatIsNoDay(text: String) {
        #expect(CivilDate(iso: text) == nil)
    }

    @Test func countsDaysFrom1970() throws {
        #expect(try #require(CivilDate(iso: "1970-01-01")).daysSince1970 == 0)
        #expect(try #require(CivilDate(iso: "1969-12-31")).daysSince1970 == -1)
        #expect(try #require(CivilDate(iso: "2000-02-29")).daysSince1970 == 11_016)
        #expect(try #require(CivilDate(iso: "2015-01-01")).daysSince1970 == 16_436)
    }

    @Test func everyDayFollowsTheOneBefore() throws {
        let first = try #require(CivilDate(iso: "0001-01-01")).daysSince1970
        let last = try #require(CivilDate(iso: "9999-12-31")).daysSince1970
        #expect(last - first + 1 == 3_652_059)
        // The calendar repeats after 400 years; the ends of the range are looked at by themselves.
        var before: CivilDate?
        for days in Array(first...first + 800) + Array(-100_000...46_200) + Array(last - 800...last) {
            guard let date = CivilDate(daysSince1970: days), date.daysSince1970 == days else {
                Issue.record("day \(days) does not come back")
                return
            }
            if let before, !(before < date) {
                Issue.record("\(before) is not before \(date)")
                return
            }
            before = date
        }
        #expect(CivilDate(daysSince1970: first - 1) == nil)
        #expect(CivilDate(daysSince1970: last + 1) == nil)
        #expect(CivilDate(daysSince1970: .max) == nil)
        #expect(CivilDate(daysSince1970: .min) == nil)
    }
}
