import ChangeLog
import Nominations
import SyncServer

/// A member organisation as administrators see it.
struct OrganisationEntry: Codable, Hashable, Sendable {
    /// `r` and the id.
    let record: String
    let name: String
    let kvk: String?

    init(_ record: RecordID, _ facts: any FactSource) throws {
        self.record = Reference.text(record)
        name = try facts.rostered(record, OrganisationField.name)?.text ?? ""
        kvk = try facts.rostered(record, OrganisationField.kvk)?.text
    }

    /// All of them, in rising order of id.
    static func all(_ facts: any FactSource) throws -> [OrganisationEntry] {
        try facts.records(of: .organisation, in: Roster.audience).map { try OrganisationEntry($0, facts) }
    }

    /// The organisation that `text` means: its number, its id or the beginning of that, or its name.
    static func find(_ text: String, _ facts: any FactSource) throws -> RecordID {
        if let number = KvKNumber(text) {
            let record = RecordKey.organisation(number).record(kind: .organisation, hash: Domain.hash)
            if try facts.origin(of: record, in: Roster.audience) != nil { return record }
        }
        let candidates = try all(facts).compactMap { entry in
            Reference.record(entry.record).map { NamedRecord(record: $0, name: entry.name) }
        }
        return try NamedRecord.find(text, in: candidates)
    }
}

/// Adds member organisations, all or none; those that are there already get the name that is given.
struct AddOrganisationsTask: AdministrationTask {
    static let name = "organisation.add"

    struct Row: Codable, Hashable, Sendable {
        let name: String
        /// Eight digits; nil where there is none.
        let kvk: String?
    }

    struct Answer: Codable, Hashable, Sendable {
        let organisations: [OrganisationEntry]
        let added: Int
        let changed: Int
        let unchanged: Int
    }

    let rows: [Row]

    /// Rows in one change; a change has room for 4096 operations, and a row needs three.
    private static let rowsPerChange = 1000

    func perform(in workspace: Workspace) async throws -> Answer {
        let before = try await workspace.service.read { try OrganisationEntry.all($0) }
        var known: [String: OrganisationEntry] = [:]
        for entry in before { known[entry.record] = entry }
        var records: [RecordID] = []
        var (added, changed) = (0, 0)
        var operations: [[Operation]] = []
        for row in rows {
            let outcome = try outcome(of: row, among: before, fresh: workspace.freshRecord())
            guard !records.contains(outcome.record) else { continue }
            records.append(outcome.record)
            let old = known[Reference.text(outcome.record)]
            if let old, Array(old.name.utf8) == Array(row.name.utf8) { continue }
            if old == nil { added += 1 } else { changed += 1 }
            operations.append(outcome.operations)
        }
        for start in stride(from: 0, to: operations.count, by: Self.rowsPerChange) {
            let end = min(start + Self.rowsPerChange, operations.count)
            try await workspace.write(operations[start..<end].flatMap { $0 })
        }
        let written = records
        let entries = try await workspace.service.read { facts in
            try written.map { try OrganisationEntry($0, facts) }
        }
        return Answer(
            organisations: entries, added: added, changed: changed,
            unchanged: records.count - added - changed)
    }

    /// Without a number the same name is the same organisation: an import that is repeated adds nothing.
    private func outcome(
        of row: Row, among before: [OrganisationEntry], fresh: RecordID
    ) throws -> RosterCommands.Outcome {
        let same = before.first { entry in
            row.kvk == nil && entry.kvk == nil && Array(entry.name.utf8) == Array(row.name.utf8)
        }
        return try NominationError.handingOn { () throws(NominationError) in
            try RosterCommands.addOrganisation(
                named: row.name, kvk: row.kvk, fresh: same.flatMap { Reference.record($0.record) } ?? fresh,
                hash: Domain.hash)
        }
    }
}

/// Lists the member organisations, in rising order of id.
struct ListOrganisationsTask: AdministrationTask {
    static let name = "organisation.list"

    func perform(in workspace: Workspace) async throws -> [OrganisationEntry] {
        try await workspace.service.read { try OrganisationEntry.all($0) }
    }
}
