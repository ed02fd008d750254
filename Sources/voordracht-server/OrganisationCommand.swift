import ArgumentParser

/// Member organisations: add one, import many, list them.
struct OrganisationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organisation", abstract: "Member organisations.",
        subcommands: [
            OrganisationAddCommand.self, OrganisationImportCommand.self, OrganisationListCommand.self,
        ])
}

extension OrganisationEntry {
    var document: JSONDocument {
        .object([
            ("record", .string(record)), ("title", .string(name)), ("state", .string("accepted")),
            ("name", .string(name)), ("kvk", .text(kvk)),
        ])
    }

    var line: String { "\(record)  \(kvk ?? "–       ")  \(name)" }
}
