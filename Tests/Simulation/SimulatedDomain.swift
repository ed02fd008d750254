import ChangeLog

/// What the simulated people work on: notes in teams, with a field of each policy, and comments in notes.
/// Who is in a team may read and write there; what is delivered after a season's end is held.
enum SimulatedDomain {
    static let note: RecordKind = "note"
    static let comment: RecordKind = "comment"
    static let season: RecordKind = "season"

    static let title: FieldName = "title"
    static let body: FieldName = "body"
    static let tags: FieldName = "tags"
    static let order: FieldName = "order"
    static let remarks: FieldName = "remarks"
    static let stage: FieldName = "stage"
    static let colour: FieldName = "colour"
    static let delivery: FieldName = "delivery"
    /// Of a person: the teams, a list of records. Decided by the server.
    static let teams: FieldName = "teams"
    /// Of the season: whether deliveries count. Decided by the server.
    static let closed: FieldName = "closed"

    static let theSeason = RecordID(Identifier128(high: 0x5ea, low: 1))

    /// - Parameter version: 2 knows the colours of notes; 1 does not.
    static func schema(version: UInt32) -> Schema {
        var fields = [
            FieldSchema(title, .register, .text), FieldSchema(body, .text, .text),
            FieldSchema(tags, .set, .text), FieldSchema(order, .quiet, .text),
            FieldSchema(remarks, .appendOnly, .text), FieldSchema(stage, .decided, .text),
            FieldSchema(delivery, .register, .text),
        ]
        if version > 1 { fields.append(FieldSchema(colour, .register, .text)) }
        return Schema(
            version: version,
            kinds: [
                KindSchema(
                    Roster.person, title: Roster.personName,
                    fields: [
                        FieldSchema(Roster.personName, .decided, .text), FieldSchema(teams, .decided, .list),
                    ]),
                KindSchema(
                    Roster.device,
                    fields: [
                        FieldSchema(Roster.devicePerson, .decided, .record),
                        FieldSchema(Roster.deviceReplicas, .decided, .list),
                        FieldSchema(Roster.deviceName, .decided, .text),
                        FieldSchema(Roster.deviceStanding, .decided, .text),
                    ]),
                KindSchema(season, fields: [FieldSchema(closed, .decided, .boolean)]),
                KindSchema(note, title: title, fields: fields),
                KindSchema(
                    comment, parents: [note], title: title, fields: [FieldSchema(title, .register, .text)]),
            ])
    }

    static func rules(version: UInt32 = 2) -> DomainRules {
        DomainRules(schema: schema(version: version), admit: admit, mayRead: mayRead)
    }

    static let outsider = Reason(code: "team.outsider", message: "Not of this team.", remedy: "Join it.")
    static let forbidden = Reason(
        code: "word.forbidden", message: "Nobody writes that.", remedy: "Say it otherwise.")
    static let late = Reason(
        code: "season.closed", message: "The season is over.", remedy: "Wait for the secretariat.")

    private static func admit(_ admission: Admission, _ facts: any FactSource) throws -> Admission.Outcome {
        guard case .person(let person, _) = admission.author else { return .accept }
        guard try mayRead(person, admission.envelope.audience, facts),
            admission.envelope.audience != Roster.audience
        else { return .refuse(outsider) }
        let isClosed = try facts.rostered(theSeason, closed)?.boolean == true
        for operation in admission.operations {
            if case .write(_, _, _, .text(let text)) = operation, text.hasSuffix("!") {
                return .refuse(forbidden)
            }
            if operation.field == delivery, isClosed { return .hold(late) }
        }
        return .accept
    }

    private static func mayRead(
        _ person: RecordID, _ audience: AudienceID, _ facts: any FactSource
    ) throws -> Bool {
        switch audience.family {
        case "everyone": return true
        case "person": return audience.subject == person
        case "team":
            guard let team = audience.subject else { return false }
            return try facts.rostered(person, teams)?.list?.contains(.record(team)) ?? false
        default: return false
        }
    }

    /// A record of a small pool, so that people meet.
    static func record(_ number: Int) -> RecordID {
        RecordID(Identifier128(high: 0xabc, low: UInt64(number)))
    }
    static func team(_ number: Int) -> RecordID { RecordID(Identifier128(high: 0x7ea, low: UInt64(number))) }
    static func audience(ofTeam number: Int) -> AudienceID { AudienceID(family: "team", team(number)) }
}
