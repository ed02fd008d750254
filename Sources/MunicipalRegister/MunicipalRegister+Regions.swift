extension MunicipalRegister {
    /// The members of a region on a day, carried over from the year of its list along mergers and splits.
    ///
    /// The register knows each division for one year. On another day a municipality is taken to lie where all of
    /// its area lies in the list; where that is not one region, or where it went to another province (regions of
    /// that time did not follow), the answer says that it cannot be reconstructed.
    public func members(of region: Region, on date: CivilDate) -> RegionMembers {
        guard let listDay = CivilDate(year: region.year, month: 1, day: 1) else {
            return .exact(region.listedMembers)
        }
        let listed = Set(region.listedMembers)
        var members: [Municipality] = []
        var split: [Municipality] = []
        for municipality in municipalities(on: date) {
            let places = counterparts(of: municipality, on: listDay, from: date)
            let inside = places.filter { listed.contains($0.id) }
            if inside.isEmpty { continue }
            if inside.count == places.count {
                members.append(municipality)
            } else {
                split.append(municipality)
            }
        }
        let crossed = crossings(touching: region, on: date, listDay: listDay)
        let certain = members.filter { !crossed.contains($0) }
        let known = order(certain, on: date)
        if !crossed.isEmpty {
            return .notReconstructible(.crossedProvince(order(crossed, on: date)), known: known)
        }
        if !split.isEmpty {
            return .notReconstructible(.splitOverRegions(order(split, on: date)), known: known)
        }
        return date.year == region.year ? .exact(known) : .reconstructed(known)
    }

    /// What covers the area of a municipality of one day on another day.
    private func counterparts(of municipality: Municipality, on day: CivilDate, from date: CivilDate)
        -> [Municipality]
    {
        var found: [Municipality] = []
        var pending = [municipality]
        var seen: Set<MunicipalityID> = [municipality.id]
        while let next = pending.popLast() {
            if next.exists(on: day) { found.append(next) }
            let links =
                day > date
                ? next.successors.filter { $0.on > date && $0.on <= day }
                : next.predecessors.filter { $0.on > day && $0.on <= date }
            for link in links {
                guard let other = self.municipality(link.other), seen.insert(other.id).inserted else {
                    continue
                }
                pending.append(other)
            }
        }
        return found
    }

    /// Municipalities of the day that went to another province by the day of the list, as far as they bear on
    /// this region: by where they went, or by lying in a province where the region has members.
    private func crossings(touching region: Region, on date: CivilDate, listDay: CivilDate) -> [Municipality]
    {
        guard date < listDay else { return [] }
        let listed = Set(region.listedMembers)
        let provinces = Set(
            region.listedMembers.compactMap { municipality($0)?.nearestPeriod(to: listDay).province })
        return municipalities(on: date).filter { municipality in
            let province = municipality.nearestPeriod(to: date).province
            let later = counterparts(of: municipality, on: listDay, from: date)
            guard later.contains(where: { $0.nearestPeriod(to: listDay).province != province }) else {
                return false
            }
            return provinces.contains(province) || later.contains { listed.contains($0.id) }
        }
    }

    private func order(_ municipalities: [Municipality], on date: CivilDate) -> [MunicipalityID] {
        DutchCollation.sorted(municipalities) { $0.nearestPeriod(to: date).name }.map(\.id)
    }
}
