import ChangeLog
import Nominations
import Testing

@Suite("The roster")
struct RosterCommandTests {
    @Test("A number in the trade register is one organisation, however the name is spelt")
    func kvk() throws {
        let one = try RosterCommands.addOrganisation(
            named: "Welzijn", kvk: "12345678", fresh: record(1), hash: testHash)
        let two = try RosterCommands.addOrganisation(
            named: "WELZIJN", kvk: "1234 5678", fresh: record(2), hash: testHash)
        let none = try RosterCommands.addOrganisation(
            named: "Welzijn", kvk: nil, fresh: record(3), hash: testHash)
        #expect(one.record == two.record)
        #expect(none.record == record(3))
        for wrong in ["1234567", "123456789", "1234567a", "", "１２３４５６７８"] {
            #expect(throws: NominationError(.organisationKvk)) {
                try RosterCommands.addOrganisation(
                    named: "Welzijn", kvk: wrong, fresh: record(4), hash: testHash)
            }
        }
    }

    @Test("Roles are read as typed and written in one order")
    func roles() throws {
        #expect(try RosterCommands.roles(named: ["Member", "contact"]) == [.member, .contact])
        #expect(throws: NominationError(.roleUnknown)) { try RosterCommands.roles(named: ["boss"]) }
        #expect(throws: NominationError(.roleNone)) { try RosterCommands.setRoles(of: record(1), to: []) }
        #expect(
            try RosterCommands.setRoles(of: record(1), to: [.contact, .member, .contact])
                == RosterCommands.setRoles(of: record(1), to: [.member, .contact]))
    }

    @Test("Names lose the blanks around them and nothing else")
    func names() throws {
        let outcome = try RosterCommands.association(named: " Sociaal  Werk\u{a0}", hash: testHash)
        #expect(
            outcome.operations.last
                == .write(outcome.record, AssociationField.name, .decided, .text("Sociaal  Werk")))
    }
}
