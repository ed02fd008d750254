import ArgumentParser
import Nominations

/// People: list them, give them roles.
struct PersonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person", abstract: "People and their roles.",
        subcommands: [PersonListCommand.self, PersonSetRoleCommand.self])
}

extension PersonEntry {
    var document: JSONDocument {
        .object([
            ("record", .string(record)), ("title", .string(name)), ("state", .string("accepted")),
            ("name", .string(name)), ("roles", .texts(roles)), ("organisation", .text(organisation)),
            ("organisationName", .text(organisationName)),
        ])
    }

    func line(_ words: Words) -> String {
        let employer = organisationName.map { ", \($0)" } ?? ""
        let told = roles.map { Role(rawValue: $0)?.word(words.language) ?? $0 }
        return "\(record)  \(name)\(employer) (\(told.joined(separator: ", ")))"
    }
}
