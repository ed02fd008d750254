import ChangeLog
import Merging
import MunicipalRegister
import Nominations

/// An award of 2017 with two organisations, their people, and a jury; everybody has a replica.
struct TestAward {
    let server = TestServer()
    let welfare: RecordID
    let youthWork: RecordID
    let secretariat: TestReplica
    /// Two colleagues of one organisation.
    let anna: TestReplica
    let bram: TestReplica
    /// Of the other organisation.
    let carla: TestReplica
    let reviewer: TestReplica
    let edition: RecordID

    /// Milliseconds since 1970 UTC.
    static let closes: Int64 = 1_491_040_800_000

    init() throws {
        let server = server
        func organisation(_ name: String, _ kvk: String) throws -> RecordID {
            let outcome = try RosterCommands.addOrganisation(
                named: name, kvk: kvk, fresh: server.fresh(), hash: testHash)
            try server.write(outcome.operations)
            return outcome.record
        }
        func person(_ name: String, _ roles: [Role], _ organisation: RecordID? = nil) throws -> TestReplica {
            let outcome = try RosterCommands.addPerson(
                named: name, roles: roles, organisation: organisation, fresh: server.fresh())
            try server.write(outcome.operations)
            return server.enrol(outcome.record)
        }
        welfare = try organisation("Welzijn Delft", "12345678")
        youthWork = try organisation("Jongerenwerk West", "87654321")
        secretariat = try person("Sanne", [.secretariat])
        anna = try person("Anna", [.member], welfare)
        bram = try person("Bram", [.contact], welfare)
        carla = try person("Carla", [.member], youthWork)
        reviewer = try person("Rosa", [.reviewer])

        try secretariat.pull()
        edition = try secretariat.perform(
            CreateEdition(year: 2017, name: "De sociaalste gemeente", closes: Self.closes))
        try secretariat.perform(OpenEdition(edition: "2017"))
        for name in ["Preventie", "Vernieuwing"] {
            try secretariat.perform(AddCriterion(name: name, edition: "2017", fresh: server.fresh()))
        }
        try secretariat.sync()
        for replica in everybody { try replica.pull() }
    }

    var everybody: [TestReplica] { [secretariat, anna, bram, carla, reviewer] }

    func key(_ nominee: String, of organisation: RecordID) -> NominationKey {
        guard case .found(let nominee) = MunicipalRegister.current.find(nominee) else {
            preconditionFailure("\(nominee) is in the register")
        }
        return NominationKey(edition: edition, organisation: organisation, nominee: nominee.id)
    }

    /// A nomination of Delft with one example, known to everybody of the organisation.
    func nominationOfDelft() throws -> RecordID {
        let nomination = try anna.perform(Nominate(nominee: "Delft", motivation: "Delft voor Elkaar."))
        try anna.perform(
            AddExample(
                nomination: nomination, title: "Buurtteams", criteria: ["preventie"], fresh: server.fresh()))
        try anna.sync()
        try bram.pull()
        return nomination
    }

    /// What the jury would read of a nomination: the accepted submissions in order.
    func submissions(of nominee: String, by organisation: RecordID) throws -> [SubmissionRecord] {
        let audience = key(nominee, of: organisation).audience(testHash)
        try reviewer.pull()
        return try SubmissionRecord.all(in: audience, reviewer.view)
    }
}
