import Testing

@Suite("Every interleaving of a small world")
struct ExhaustiveModelTests {
    static let scenarios = [
        Scenario(name: "two write, one settles", intents: [[.write], [.write], [.resolve]]),
        Scenario(
            name: "held, refused and sent again", intents: [[.write], [.write], [.resolve]], holds: 1,
            refusals: 1, retries: 1),
        Scenario(
            name: "verdicts that come late", intents: [[.write, .write], [.resolve], [.write]],
            refusals: 1, retries: 1, verdictsMayBeLost: true, formsMayGoStale: false),
        Scenario(name: "two settle at once", intents: [[.write, .resolve], [.write], [.resolve]]),
        Scenario(
            name: "one goes on writing", intents: [[.write], [.write, .write], [.resolve]],
            formsMayGoStale: false),
        Scenario(
            name: "removed while edited", intents: [[.remove], [.write], [.revive]], holds: 1,
            refusals: 1, retries: 1),
        Scenario(
            name: "removed, revived and removed", intents: [[.remove], [.write, .remove], [.revive]]),
        Scenario(
            name: "two remove, two edit", intents: [[.remove, .write], [.write], [.remove]],
            formsMayGoStale: false),
        Scenario(
            name: "a grant on the way", intents: [[.write], [.write], [.resolve, .resolve]], granted: 2),
        Scenario(
            name: "groups", intents: [[.group, .write], [.group], [.resolve]], holds: 1,
            formsMayGoStale: false),
        Scenario(
            name: "groups from the tray", intents: [[.group], [.group], [.resolve]], refusals: 1,
            retries: 1),
        Scenario(
            name: "settled by what is refused", intents: [[.write, .resolve], [.write], [.write]],
            holds: 1, refusals: 1, formsMayGoStale: false),
        Scenario(
            name: "edited again in dispute", intents: [[.remove], [.write, .write], [.revive]],
            refusals: 1, retries: 1, formsMayGoStale: false),
    ]

    @Test(arguments: scenarios.indices)
    func nothingDiffersAndNothingIsLost(_ index: Int) {
        let model = Model(Self.scenarios[index])
        model.explore()
        print("\(model.scenario.name): \(model.states) states, \(model.settledStates) of them quiet")
        #expect(model.violation == nil)
        #expect(model.settledStates > 0)
    }

    @Test(arguments: [
        (Fault.tieBreakByArrival, 0), (.baseAtRecording, 0), (.resolutionReplacesUnseen, 3),
        (.grantBasedOnCursor, 8), (.keepsWhatIsPending, 11),
    ])
    func theModelNotices(_ fault: Fault, in scenario: Int) {
        let model = Model(Self.scenarios[scenario], fault: fault)
        model.explore()
        #expect(model.violation != nil, "\(fault) went unnoticed")
    }
}
