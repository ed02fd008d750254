import ChangeLog
import Merging
import Nominations
import Testing

@Suite("Plain edits")
struct FieldEditTests {
    @Test(
        "A value is read by the type of its field",
        arguments: [
            ("closes", "2017-04-01T12:00", Value.instant(1_491_040_800_000)),
            ("closes", "2017-04-01T10:00:00Z", .instant(1_491_040_800_000)),
            ("closes", "2017-04-01", .instant(1_491_083_999_999)),
            ("opens", "2017-04-01", .instant(1_490_997_600_000)),
            ("referenceDate", "2017-01-01", .date(17_167)),
            ("graceHours", "24", .integer(24)),
            ("graceHours", "", .null),
            ("name", "", .text("")),
            ("regionKind", "veiligheidsregio", .text("veiligheidsregio")),
        ])
    func reads(field: String, typed: String, value: Value) throws {
        let award = try TestAward()
        try award.secretariat.perform(SetField(record: award.edition, field: field, value: typed))
        let merged = award.secretariat.view.merged(award.edition, in: Roster.audience)
        #expect(merged?[try #require(FieldName(field))]?.value == value)
    }

    @Test(
        "What does not fit the field is told with an example",
        arguments: [
            ("closes", "morgen"), ("closes", "2017-02-29"), ("closes", "2017-04-01T25:00"),
            ("graceHours", "twaalf"), ("referenceDate", "1 januari"), ("regionKind", "provincie"),
            ("regionKind", "corop"),
        ])
    func malformed(field: String, typed: String) throws {
        let award = try TestAward()
        #expect(throws: NominationError(.valueMalformed)) {
            try award.secretariat.perform(SetField(record: award.edition, field: field, value: typed))
        }
    }

    @Test("Each field is edited its own way")
    func ways() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        func error(_ command: some NominationCommand) -> NominationError? {
            #expect(throws: NominationError.self) { try award.anna.perform(command) }
        }
        #expect(
            error(SetField(record: nomination, field: "motivation", value: "x"))?.arguments.last == "text")
        #expect(error(EditText(record: nomination, field: "title", text: "x"))?.arguments.last == "set")
        #expect(
            error(SetField(record: nomination, field: "strengths", value: "x"))?.arguments.last == "add, take"
        )
        #expect(
            error(SetField(record: nomination, field: "nomineeName", value: "x"))?.code == .fieldNotEditable)
        #expect(error(SetField(record: nomination, field: "colour", value: "x"))?.code == .fieldUnknown)
        #expect(error(SetField(record: record(99_999), field: "title", value: "x"))?.code == .recordUnknown)
        #expect(error(AddToSet(record: nomination, field: "title", value: "x"))?.code == .fieldOperation)
    }

    @Test("A criterion goes into a set by its name, and out again")
    func criteria() throws {
        let twice = AddCriterion(name: "preventie", edition: "2017", fresh: record(31_337))
        #expect(throws: NominationError(.criterionExists)) {
            try TestAward().secretariat.perform(twice)
        }
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        let example = try award.anna.perform(
            AddExample(nomination: nomination, title: "Tweede", fresh: award.server.fresh()))
        let home = Audience.organisation(award.welfare).id
        try award.anna.perform(AddToSet(record: example, field: "criteria", value: "VERNIEUWING"))
        #expect(award.anna.view.merged(example, in: home)?[ExampleField.criteria]?.value?.list?.count == 1)
        try award.anna.perform(TakeFromSet(record: example, field: "criteria", value: "Vernieuwing"))
        #expect(award.anna.view.merged(example, in: home)?[ExampleField.criteria]?.value?.list?.count == 0)
        let error = #expect(throws: NominationError.self) {
            try award.anna.perform(AddToSet(record: example, field: "criteria", value: "Lef"))
        }
        #expect(error?.suggestions == ["Preventie", "Vernieuwing"])
    }

    @Test("Composed and decomposed letters stay what was typed")
    func normalForms() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(SetField(record: nomination, field: "title", value: "e\u{301}"))
        let home = Audience.organisation(award.welfare).id
        let title = award.anna.view.merged(nomination, in: home)?[NominationField.title]?.value
        #expect(title == .text("e\u{301}"))
        #expect(title != .text("\u{e9}"))
    }
}
