import ChangeLog

/// A small domain: notes that people write together, and comments in them.
enum TestDomain {
    static let note: RecordKind = "note"
    static let comment: RecordKind = "comment"

    static let schema = Schema(
        version: 1,
        kinds: [
            KindSchema(
                note, title: "title",
                fields: [
                    FieldSchema("title", .register, .text), FieldSchema("body", .text, .text),
                    FieldSchema("tags", .set, .text), FieldSchema("order", .quiet, .integer),
                    FieldSchema("stage", .decided, .text), FieldSchema("remarks", .appendOnly, .text),
                    FieldSchema("origin", .immutable, .text),
                ]),
            KindSchema(
                comment, parents: [note], title: "title",
                fields: [FieldSchema("title", .register, .text), FieldSchema("body", .text, .text)]),
            KindSchema(
                Roster.person, title: Roster.personName,
                fields: [FieldSchema(Roster.personName, .decided, .text)]),
            KindSchema(
                Roster.device,
                fields: [
                    FieldSchema(Roster.devicePerson, .decided, .record),
                    FieldSchema(Roster.deviceReplicas, .decided, .list),
                ]),
        ])

    static let forbidden = Reason(
        code: "test.forbidden", message: "Nobody writes that.", remedy: "Write something else.")

    /// Refuses whoever writes the word "forbidden".
    static let rules = DomainRules(
        schema: schema,
        admit: { admission, _ in
            let isForbidden = admission.operations.contains { operation in
                if case .write(_, _, _, .text("forbidden")) = operation { true } else { false }
            }
            return isForbidden ? .refuse(forbidden) : .accept
        },
        mayRead: { _, _, _ in true })

    static func audience(_ name: String) throws -> AudienceID {
        guard let audience = AudienceID(name) else { throw forbidden }
        return audience
    }

    static func record(_ number: UInt64) -> RecordID { RecordID(Identifier128(high: 0xabc, low: number)) }

    static func create(_ number: UInt64, title: String) -> [Operation] {
        [
            .create(record(number), kind: note, parent: nil, key: nil),
            .write(record(number), "title", .register, .text(title)),
        ]
    }
}
