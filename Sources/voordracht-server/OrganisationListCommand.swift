import ArgumentParser

struct OrganisationListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the member organisations.")

    @OptionGroup var options: CommonOptions
    @OptionGroup var page: Page

    func run() async throws {
        let all = try await options.perform(ListOrganisationsTask())
        options.print(
            page.document(kind: "organisation", all, key: \.record, item: \.document),
            page.cut(all, by: \.record).items.map(\.line))
    }
}
