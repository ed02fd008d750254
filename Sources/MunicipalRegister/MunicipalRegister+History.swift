/// A municipality by the name it bore at a moment, for showing.
public struct NamedMunicipality: Hashable, Sendable {
    /// The identity.
    public let id: MunicipalityID
    /// The code at that moment.
    public let code: String
    /// The name at that moment.
    public let name: String
    /// The province at that moment.
    public let province: String
}

/// Whether a municipality exists on a day, and if not, what stands in its place.
public enum MunicipalityStatus: Hashable, Sendable {
    /// It exists, under this name and code.
    case existing(Municipality.Period)
    /// It ended on that day; the successors bear the names of that day, the largest share first.
    case ended(on: CivilDate, successors: [NamedMunicipality])
    /// It begins on that day, out of these.
    case notYet(from: CivilDate, predecessors: [NamedMunicipality])
}

/// Something that happened to a municipality after a nomination froze it.
public struct MunicipalEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: Hashable, Sendable {
        /// The same municipality took another name and code.
        case renamed(to: NamedMunicipality)
        /// It took in these and went on.
        case enlarged(by: [NamedMunicipality])
        /// It ended; one successor is a merger, several are a split, the largest share first.
        case ended(successors: [NamedMunicipality])
    }

    /// The first day of the new situation.
    public let on: CivilDate
    /// To whom it happened, by the name of the day before.
    public let subject: NamedMunicipality
    /// What happened.
    public let kind: Kind
}

/// A nominee as frozen on a reference date, and what has become of it since.
public struct NomineeHistory: Hashable, Sendable {
    /// The nominee.
    public let nominee: Nominee
    /// The name on the reference date.
    public let name: String
    /// The municipalities on the reference date: one, or the members of a region that are beyond doubt.
    public let then: [NamedMunicipality]
    /// What happened between the dates, oldest first; nothing of it moves an award to a successor.
    public let events: [MunicipalEvent]
    /// The municipalities that cover the area now, in Dutch order.
    public let now: [NamedMunicipality]
}

extension MunicipalRegister {
    /// Whether a municipality exists on a day, and what came before or after it.
    public func status(of municipality: Municipality, on date: CivilDate) -> MunicipalityStatus {
        if let period = municipality.period(on: date) { return .existing(period) }
        if let from = municipality.from, date < from {
            let before = municipality.predecessors.filter { $0.on == from }
            return .notYet(
                from: from, predecessors: before.compactMap { named($0.other, on: Self.dayBefore(from)) })
        }
        let end = municipality.until ?? date
        return .ended(on: end, successors: municipality.successors.compactMap { named($0.other, on: end) })
    }

    /// What became of a nominee between a nomination's reference date and today.
    public func description(
        of nominee: Nominee, from referenceDate: CivilDate, asOf today: CivilDate
    ) -> NomineeHistory {
        let start: [Municipality] =
            switch nominee {
            case .municipality(let municipality): [municipality]
            case .region(let region):
                members(of: region, on: referenceDate).known.compactMap { municipality($0) }
            }
        var events: [MunicipalEvent] = []
        var now: [Municipality] = []
        var pending = start
        var seen = Set(start.map(\.id))
        while !pending.isEmpty {
            let next = pending.removeFirst()
            let own = self.events(of: next, after: referenceDate, until: today)
            events += own
            if next.exists(on: today) { now.append(next) }
            for link in next.successors where link.on > referenceDate && link.on <= today {
                guard let heir = municipality(link.other), seen.insert(heir.id).inserted else { continue }
                pending.append(heir)
            }
        }
        return NomineeHistory(
            nominee: nominee, name: nominee.name(on: referenceDate),
            then: start.map { Self.named($0, on: referenceDate) },
            events: events.enumerated().sorted { ($0.element.on, $0.offset) < ($1.element.on, $1.offset) }
                .map(\.element),
            now: DutchCollation.sorted(now.map { Self.named($0, on: today) }) { $0.name })
    }

    private func events(of municipality: Municipality, after start: CivilDate, until end: CivilDate)
        -> [MunicipalEvent]
    {
        var events: [MunicipalEvent] = []
        func add(_ date: CivilDate, _ kind: MunicipalEvent.Kind) {
            let subject = Self.named(municipality, on: Self.dayBefore(date))
            events.append(MunicipalEvent(on: date, subject: subject, kind: kind))
        }
        func inSpan(_ date: CivilDate) -> Bool { date > start && date <= end }

        for period in municipality.periods.dropFirst() {
            guard let from = period.from, inSpan(from) else { continue }
            add(from, .renamed(to: Self.named(municipality, on: from)))
        }
        var joined: [(date: CivilDate, names: [NamedMunicipality])] = []
        for link in municipality.predecessors where inSpan(link.on) && link.on != municipality.from {
            guard let name = named(link.other, on: Self.dayBefore(link.on)) else { continue }
            if let last = joined.indices.last, joined[last].date == link.on {
                joined[last].names.append(name)
            } else {
                joined.append((link.on, [name]))
            }
        }
        for (date, names) in joined { add(date, .enlarged(by: names)) }
        if let until = municipality.until, inSpan(until) {
            add(until, .ended(successors: municipality.successors.compactMap { named($0.other, on: until) }))
        }
        return events
    }

    private func named(_ id: MunicipalityID, on date: CivilDate) -> NamedMunicipality? {
        municipality(id).map { Self.named($0, on: date) }
    }

    private static func named(_ municipality: Municipality, on date: CivilDate) -> NamedMunicipality {
        let period = municipality.nearestPeriod(to: date)
        return NamedMunicipality(
            id: municipality.id, code: period.code, name: period.name, province: period.province)
    }

    private static func dayBefore(_ date: CivilDate) -> CivilDate {
        CivilDate(daysSince1970: date.daysSince1970 - 1) ?? date
    }
}
