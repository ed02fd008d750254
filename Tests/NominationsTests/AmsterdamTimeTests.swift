import Foundation
import MunicipalRegister
import Nominations
import Testing

@Suite("Time in Amsterdam")
struct AmsterdamTimeTests {
    @Test("Summer time begins and ends as in the system's table of time zones")
    func offsets() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Amsterdam"))
        // Every 6 hours and a second from 1997 to 2037.
        for step in stride(from: Int64(852_076_800), to: 2_114_380_800, by: 21_601) {
            let expected = zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(step)))
            try #require(AmsterdamTime.offset(at: step * 1000) == Int64(expected) * 1000, "at \(step)")
        }
    }

    @Test("A day is that of Amsterdam")
    func days() {
        #expect(AmsterdamTime.day(of: 1_491_084_000_000).iso == "2017-04-02")
        #expect(AmsterdamTime.day(of: 1_491_083_999_999).iso == "2017-04-01")
        #expect(AmsterdamTime.day(of: 1_483_225_200_000).iso == "2017-01-01")
        #expect(AmsterdamTime.day(of: .min).iso.hasPrefix("0001"))
        #expect(AmsterdamTime.day(of: .max).iso.hasPrefix("9999"))
    }

    @Test("An hour that occurs twice is the first, and one that does not occur is moved on")
    func edges() {
        #expect(AmsterdamTime.instant("2017-10-29T02:30") == AmsterdamTime.instant("2017-10-29T00:30Z"))
        #expect(AmsterdamTime.instant("2017-03-26T02:30") == AmsterdamTime.instant("2017-03-26T01:30Z"))
        #expect(AmsterdamTime.instant("2017-03-26T03:00") == AmsterdamTime.instant("2017-03-26T01:00:00Z"))
    }

    @Test(
        "Other forms are no time",
        arguments: [
            "", "Z", "2017-04-01Z", "2017-04-01T1:00", "2017-04-01T10:60", "2017-04-01 10:00",
            "2017-04-01T10:00+02:00",
        ])
    func malformed(text: String) { #expect(AmsterdamTime.instant(text) == nil) }

    @Test("Times are written in UTC")
    func iso() {
        #expect(AmsterdamTime.iso(1_491_040_800_000) == "2017-04-01T10:00:00Z")
        #expect(AmsterdamTime.iso(-1) == "1970-01-01T00:00:00Z")
    }
}
