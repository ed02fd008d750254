/// A region: a list of municipalities as it stood in one year.
public struct Region: Hashable, Sendable, Identifiable {
    /// The divisions of the country that the register knows.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The 40 regions of Statistics Netherlands for regional research.
        case corop = "COROP"
        /// Labour market regions.
        case arbeidsmarktregio
        /// Safety regions.
        case veiligheidsregio
    }

    /// The identity, `r-` and the code.
    public let id: RegionID
    /// Which division it belongs to.
    public let kind: Kind
    /// Its code within all divisions, such as `CR38`.
    public let code: String
    /// Its name as listed, which may begin with "Regio".
    public let name: String
    /// The year of the list that the members are taken from.
    public let year: Int
    /// The members in that year, in Dutch order.
    public let listedMembers: [MunicipalityID]
}

/// The members of a region on a day, and how far that answer can be trusted.
public enum RegionMembers: Hashable, Sendable {
    /// Why a list cannot be carried over to another day.
    public enum Reason: Hashable, Sendable {
        /// These municipalities lay in more than one region, by what became of them.
        case splitOverRegions([MunicipalityID])
        /// These municipalities went to one in another province, so their earlier region is not known.
        case crossedProvince([MunicipalityID])
    }

    /// The list is of that year, and every member existed on that day.
    case exact([MunicipalityID])
    /// Carried over from another year along mergers; the region's own borders are assumed to be unchanged.
    case reconstructed([MunicipalityID])
    /// Not unambiguous: why, and those members that are beyond doubt.
    case notReconstructible(Reason, known: [MunicipalityID])

    /// The members that are beyond doubt, in Dutch order of their names on that day.
    public var known: [MunicipalityID] {
        switch self {
        case .exact(let members), .reconstructed(let members), .notReconstructible(_, let members): members
        }
    }
}

/// What can be nominated: a municipality or a region.
public enum Nominee: Hashable, Sendable {
    /// A municipality.
    case municipality(Municipality)
    /// A region.
    case region(Region)

    /// The identity to store.
    public var id: NomineeID {
        switch self {
        case .municipality(let municipality): .municipality(municipality.id)
        case .region(let region): .region(region.id)
        }
    }

    /// The name on a day; without a day, or outside its time, the nearest name.
    public func name(on date: CivilDate?) -> String {
        switch self {
        case .municipality(let municipality): municipality.nearestPeriod(to: date).name
        case .region(let region): region.name
        }
    }
}
