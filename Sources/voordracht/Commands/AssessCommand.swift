import ArgumentParser
import VoordrachtClient

struct AssessCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "assess", abstract: "Write in your own review of a nominee, and submit it.",
        discussion: """
            Others read it once you submit it, if they have submitted theirs, and you read theirs from then on. \
            What you change afterwards counts as a revision.
            """)

    @Argument(help: "A name, an alias or a code.") var nominee: String
    @Option(help: "A year, a name or an id; by default the only open one.") var edition: String?
    @Option(help: "Why.") var motivation: String?
    @Option(help: ArgumentHelp("The same from a file in UTF-8; - is standard input.", valueName: "file"))
    var motivationFile: String?
    @Option(help: "award, shortlist or decline.") var advice: Advice?
    @Option(help: ArgumentHelp("1 to 5 on a criterion; may be repeated.", valueName: "criterion=number"))
    var score: [String] = []
    @Option(help: ArgumentHelp("On a criterion that gets a score.", valueName: "criterion=text"))
    var remark: [String] = []
    @Flag(help: "This is what you stand for.") var submit = false
    @OptionGroup var options: ReplicaOptions

    func validate() throws {
        let named = try score.map { try Self.parts($0) }
        guard named.allSatisfy({ Int($0.value) != nil }) else {
            throw ValidationError("A score is a criterion, = and a number from 1 to 5")
        }
        for (criterion, _) in try remark.map({ try Self.parts($0) })
        where !named.contains(where: { $0.criterion == criterion }) {
            throw ValidationError("A remark needs a --score on the same criterion")
        }
        if motivation == nil, motivationFile == nil, advice == nil, score.isEmpty, !submit {
            throw ValidationError("Give --motivation, --advice, --score or --submit")
        }
    }

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        let remarks = try remark.map { try Self.parts($0) }
        let scores = try score.map { try Self.parts($0) }.map { mark in
            Assess.Score(
                criterion: Identifier.bare(mark.criterion), score: Int(mark.value) ?? 0,
                remark: remarks.last { $0.criterion == mark.criterion }?.value)
        }
        return try await voordracht.assess(
            nominee, edition: edition.map { Identifier.bare($0) },
            motivation: TextSource.text(motivation, file: motivationFile), advice: advice, scores: scores,
            isSubmitted: submit)
    }

    private static func parts(_ text: String) throws -> (criterion: String, value: String) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw ValidationError("Name a criterion, then = and what you think of it")
        }
        return (parts[0], parts[1])
    }
}
