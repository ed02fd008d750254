public import ArgumentParser
public import VoordrachtClient

/// What every command takes.
struct ReplicaOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of the replica.", valueName: "dir"))
    var home: String?

    @Flag(help: "Print one JSON document.")
    var json = false

    @Option(name: .customLong("language"), help: "The language of results and errors: nl or en.")
    var chosen: Language?

    var folder: String { home ?? Surroundings.home }
    var language: Language { chosen ?? Surroundings.language }

    func open() throws -> Voordracht { try Voordracht.open(at: folder) }
}

extension Language: ExpressibleByArgument {}
extension Stance: ExpressibleByArgument {}
extension Advice: ExpressibleByArgument {}
extension Visibility: ExpressibleByArgument {}
