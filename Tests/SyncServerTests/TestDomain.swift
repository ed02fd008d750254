import ChangeLog

@testable import SyncServer

/// A small domain of notes in teams, whose rules can be told what to answer.
enum TestDomain {
    static let note: RecordKind = "note"
    static let title: FieldName = "title"
    static let body: FieldName = "body"
    static let state: FieldName = "state"
    static let tags: FieldName = "tags"
    static let team: FieldName = "team"

    static let schema = Schema(
        version: 3,
        kinds: [
            KindSchema(Roster.person, fields: [FieldSchema(Roster.personName, .decided, .text)]),
            KindSchema(
                note,
                fields: [
                    FieldSchema(title, .register, .text), FieldSchema(body, .text, .text),
                    FieldSchema(state, .decided, .text), FieldSchema(tags, .set, .text),
                ]),
        ])

    static let refusal = Reason(code: "test.refused", message: "No.", remedy: "Nothing.")
    static let hold = Reason(code: "test.held", message: "Later.", remedy: "Wait.")

    /// A title decides what the rules answer: "refuse", "hold", or anything else.
    static let rules = DomainRules(
        schema: schema,
        admit: { admission, facts in
            guard case .person(let person, _) = admission.author else { return .accept }
            guard try mayRead(person, admission.envelope.audience, facts) else { return .refuse(refusal) }
            for operation in admission.operations {
                guard case .write(_, title, _, .text(let text)) = operation else { continue }
                if text == "refuse" { return .refuse(refusal) }
                if text == "hold" { return .hold(hold) }
            }
            return .accept
        }, mayRead: mayRead, lodging: lodging)

    /// In a person's own audience it matters what was made before the moments that notes in `everyone` tell as their
    /// state; there the server writes when something was lodged, in a note with the hash as its key.
    static let lodging = Lodging(
        concerns: { $0.family == "person" },
        deadlines: { facts in
            try facts.records(of: note, in: Roster.audience).compactMap { record in
                guard try facts.origin(of: record, in: Roster.audience)?.key == nil else { return nil }
                return try facts.rostered(record, state)?.text.flatMap { Int64($0) }
            }
        },
        record: { hash, moment, _ in
            [
                .create(witness(of: hash), kind: note, parent: nil, key: RecordKey([.bytes(hash.bytes)])),
                decide(witness(of: hash), "\(moment)"),
            ]
        })

    static func witness(of hash: ChangeHash) -> RecordID {
        RecordKey([.bytes(hash.bytes)]).record(kind: note, hash: sha256)
    }

    static func mayRead(_ person: RecordID, _ audience: AudienceID, _ facts: any FactSource) throws -> Bool {
        switch audience.family {
        case "everyone": true
        case "person": audience.subject == person
        case "team": try facts.rostered(person, team)?.record == audience.subject
        default: false
        }
    }

    static func create(_ record: RecordID) -> Operation { .create(record, kind: note, parent: nil, key: nil) }
    static func write(_ record: RecordID, _ text: String) -> Operation {
        .write(record, title, .register, .text(text))
    }
    static func decide(_ record: RecordID, _ text: String) -> Operation {
        .write(record, state, .decided, .text(text))
    }
}
