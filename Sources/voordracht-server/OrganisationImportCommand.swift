import ArgumentParser
import ChangeLog
import Foundation
import Nominations
import SyncServer

struct OrganisationImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Add the member organisations of a CSV file, all or none.",
        discussion: "The first line names the columns: name, and kvk where it is known.")

    @OptionGroup var options: CommonOptions

    @Argument(help: "The file, in UTF-8, with commas or semicolons.")
    var file: String

    func run() async throws {
        let rows = try await options.reporting { try read() }
        let answer = try await options.perform(AddOrganisationsTask(rows: rows))
        options.print(
            .object([
                ("added", .number(answer.added)), ("changed", .number(answer.changed)),
                ("unchanged", .number(answer.unchanged)),
                ("organisations", .list(answer.organisations.map(\.document))),
            ]),
            [
                options.words(
                    "\(answer.added) toegevoegd, \(answer.changed) gewijzigd, \(answer.unchanged) ongewijzigd",
                    "\(answer.added) added, \(answer.changed) changed, \(answer.unchanged) unchanged")
            ])
    }

    private func read() throws -> [AddOrganisationsTask.Row] {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            let isThere = FileManager.default.fileExists(atPath: file)
            throw AdministrationError(isThere ? .fileUnreadable : .fileMissing, file, place: file)
        }
        let table = try CSVTable(Array(bytes), file: file)
        guard let nameColumn = table.column("name") else {
            throw AdministrationError(.tableColumn, file, place: file)
        }
        let kvkColumn = table.column("kvk")
        // Which line has a number already: the second would rename what the first has added.
        var lines: [String: Int] = [:]
        return try table.rows.map { row in
            let kvk = kvkColumn.flatMap { row.cells[$0].isEmpty ? nil : row.cells[$0] }
            let name = row.cells[nameColumn]
            do throws(NominationError) {
                try OrganisationAddCommand.check(name: name, kvk: kvk)
                if let digits = kvk.flatMap({ KvKNumber($0) })?.digits {
                    if let other = lines[digits] {
                        throw NominationError(.organisationTwice, [digits, String(other)])
                    }
                    lines[digits] = row.line
                }
            } catch {
                throw PlacedError(error: error, place: "\(file):\(row.line)")
            }
            return AddOrganisationsTask.Row(name: name, kvk: kvk)
        }
    }
}
