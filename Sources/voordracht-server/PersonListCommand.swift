import ArgumentParser

struct PersonListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the people, with their roles.")

    @OptionGroup var options: CommonOptions
    @OptionGroup var page: Page

    func run() async throws {
        let all = try await options.perform(ListPeopleTask())
        options.print(
            page.document(kind: "person", all, key: \.record, item: \.document),
            page.cut(all, by: \.record).items.map { $0.line(options.words) })
    }
}
