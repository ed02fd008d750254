/// A municipality through time: one identity, and the names and codes it bore.
public struct Municipality: Hashable, Sendable, Identifiable {
    /// A stretch of time in which code, name and province stayed the same.
    public struct Period: Hashable, Sendable {
        /// The code of Statistics Netherlands, `GM` and four digits.
        public let code: String
        /// The official name.
        public let name: String
        /// The province, in its official spelling.
        public let province: String
        /// The first day; nil where it lies before the register begins.
        public let from: CivilDate?
        /// The first day on which it no longer held; nil where it still holds.
        public let until: CivilDate?

        /// Whether the period covers a day.
        public func contains(_ date: CivilDate) -> Bool {
            if let from, date < from { return false }
            if let until, date >= until { return false }
            return true
        }
    }

    /// A link between a municipality that ended and one that took over its area.
    public struct Succession: Hashable, Sendable {
        /// The municipality at the other end.
        public let other: MunicipalityID
        /// The first day of the new situation.
        public let on: CivilDate
        /// How much of the ended municipality's area went over, in thousandths; computed from maps, so a whole
        /// municipality is seldom exactly 1000.
        public let areaPermille: Int
    }

    /// A point on the map, in degrees of WGS 84.
    public struct Centroid: Hashable, Sendable {
        /// Degrees north.
        public let latitude: Double
        /// Degrees east.
        public let longitude: Double
    }

    /// The identity that outlives renames.
    public let id: MunicipalityID
    /// At least one, oldest first, without gaps.
    public let periods: [Period]
    /// What became part of it, by date and then Dutch order.
    public let predecessors: [Succession]
    /// What it became part of; several after a split, the largest share first.
    public let successors: [Succession]
    /// Inhabitants on 2022-01-01; nil where it had ended.
    public let inhabitants2022: Int?
    /// The middle of its area, where known.
    public let centroid: Centroid?
}

extension Municipality {
    /// The last period, or the current one.
    public var latest: Period { periods[periods.count - 1] }

    /// The first day that it existed; nil where that lies before the register begins.
    public var from: CivilDate? { periods[0].from }

    /// The first day that it no longer existed; nil while it exists.
    public var until: CivilDate? { latest.until }

    /// The period that covers a day, or nil where the municipality did not exist.
    public func period(on date: CivilDate) -> Period? {
        periods.first { $0.contains(date) }
    }

    /// The period that covers a day, else the one nearest to it; without a day, the latest.
    public func nearestPeriod(to date: CivilDate?) -> Period {
        guard let date else { return latest }
        if let period = period(on: date) { return period }
        if let from, date < from { return periods[0] }
        return latest
    }

    /// Whether it existed on a day.
    public func exists(on date: CivilDate) -> Bool { period(on: date) != nil }
}
