import MunicipalRegister
import Testing

@Suite struct RegionTests {
    let register = MunicipalRegister.current

    private func codes(_ members: [MunicipalityID]) -> [String] {
        members.map { String($0.text.dropFirst(2)) }
    }

    @Test func middenLimburgIn2017() throws {
        let members = register.members(of: try register.region(code: "CR38"), on: day("2017-02-01"))
        guard case .reconstructed(let ids) = members else {
            Issue.record("\(members)")
            return
        }
        #expect(codes(ids) == ["GM1711", "GM1640", "GM1641", "GM0946", "GM1669", "GM0957", "GM0988"])
    }

    @Test func theYearOfTheListIsExact() {
        for region in register.regions {
            let members = register.members(of: region, on: day("\(region.year)-07-01"))
            #expect(members == .exact(region.listedMembers), "\(region.name)")
        }
    }

    @Test func predecessorsStandInForAMergedMunicipality() throws {
        let members = register.members(of: try register.region(code: "CR02"), on: day("2017-01-01"))
        #expect(
            members == .reconstructed(["m-GM0003", "m-GM0010", "m-GM0024"].compactMap(MunicipalityID.init)))
    }

    @Test func aSplitOverRegionsIsSaid() throws {
        let haaren = try #require(MunicipalityID(text: "m-GM0788"))
        for code in ["CR34", "CR35"] {
            let members = register.members(of: try register.region(code: code), on: day("2019-06-01"))
            guard case .notReconstructible(.splitOverRegions(let split), let known) = members else {
                Issue.record("\(code): \(members)")
                continue
            }
            #expect(split == [haaren])
            #expect(!known.contains(haaren) && known.count > 5)
        }
    }

    @Test func aPredecessorFromAnotherProvinceIsSaid() throws {
        let utrecht = register.members(of: try register.region(code: "CR17"), on: day("2017-01-01"))
        guard case .notReconstructible(.crossedProvince(let crossed), let known) = utrecht else {
            Issue.record("\(utrecht)")
            return
        }
        #expect(codes(crossed) == ["GM0545", "GM0707"])
        #expect(codes(known).contains("GM0620"))
        #expect(!codes(known).contains("GM0545"))
        let south = register.members(of: try register.region(code: "CR30"), on: day("2017-01-01"))
        guard case .notReconstructible(.crossedProvince, _) = south else {
            Issue.record("\(south)")
            return
        }
    }

    @Test func withinADivisionNoMunicipalityIsInTwoRegions() {
        for kind in Region.Kind.allCases {
            for date in ["2015-01-01", "2017-02-01", "2019-01-01", "2022-06-01", "2026-01-01"].map(day) {
                var seen: [MunicipalityID: String] = [:]
                for region in register.regions where region.kind == kind {
                    for member in register.members(of: region, on: date).known {
                        let other = seen.updateValue(region.name, forKey: member)
                        #expect(other == nil, "\(member) in \(region.name) and \(other ?? "") on \(date)")
                    }
                }
                if date == day("2026-01-01") { #expect(seen.count == 342) }
            }
        }
    }

    @Test func aListIsCarriedForwardAlongMergers() {
        let register = FactsReaderFixture.mergedAfterTheList
        let members = register.regions.map { register.members(of: $0, on: day("2026-01-01")) }
        let merged = MunicipalityID(text: "m-GM9004")
        #expect(members[0] == .reconstructed([merged].compactMap { $0 }))
        #expect(
            members[1]
                == .notReconstructible(
                    .splitOverRegions(["m-GM9008"].compactMap(MunicipalityID.init)), known: []))
    }
}
