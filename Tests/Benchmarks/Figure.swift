import Foundation

/// One line of the table: what was measured, beside what and against which goal.
struct Figure: Encodable {
    let measure: String
    let ours: Double
    let unit: String
    /// nil where the goal is about the figure itself.
    let baseline: Double?
    let baselineName: String?
    /// ours / baseline.
    let ratio: Double?
    let goal: String
    let met: Bool

    /// What a figure, or its ratio to the baseline, shall be.
    enum Goal {
        case atMost(Double)
        case atLeast(Double)
        case timesBaselineAtMost(Double)
        case timesBaselineAtLeast(Double)
    }

    /// The medians of what the rounds gave.
    init(_ measure: String, _ samples: Samples, _ unit: String, against name: String?, _ goal: Goal) {
        let ours = Samples.median(samples.ours)
        let baseline = samples.baseline.isEmpty ? nil : Samples.median(samples.baseline)
        let ratio = baseline.map { ours / $0 }
        self.measure = measure
        self.ours = ours
        self.unit = unit
        self.baseline = baseline
        baselineName = name
        self.ratio = ratio
        switch goal {
        case .atMost(let limit): (self.goal, met) = ("≤ \(Self.text(limit)) \(unit)", ours <= limit)
        case .atLeast(let limit): (self.goal, met) = ("≥ \(Self.text(limit)) \(unit)", ours >= limit)
        case .timesBaselineAtMost(let limit):
            (self.goal, met) = ("≤ \(Self.text(limit)) ×", ratio.map { $0 <= limit } ?? false)
        case .timesBaselineAtLeast(let limit):
            (self.goal, met) = ("≥ \(Self.text(limit)) ×", ratio.map { $0 >= limit } ?? false)
        }
    }

    static let heading = """
        | measure | ours | unit | baseline | | ratio | goal | met |
        |---|---|---|---|---|---|---|---|
        """

    var row: String {
        let cells = [
            measure, Self.text(ours), unit, baseline.map(Self.text) ?? "–", baselineName ?? "–",
            ratio.map { String(format: "%.2f", $0) } ?? "–", goal, met ? "yes" : "no",
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    /// All keys on every line: what there is none of is null.
    func encode(to encoder: any Encoder) throws {
        var line = encoder.container(keyedBy: Key.self)
        try line.encode(measure, forKey: .measure)
        try line.encode(ours, forKey: .ours)
        try line.encode(unit, forKey: .unit)
        try line.encode(baseline, forKey: .baseline)
        try line.encode(baselineName, forKey: .baselineName)
        try line.encode(ratio, forKey: .ratio)
        try line.encode(goal, forKey: .goal)
        try line.encode(met, forKey: .met)
    }

    private enum Key: CodingKey {
        case measure, ours, unit, baseline, baselineName, ratio, goal, met
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Three digits of what matters, and all before the point.
    private static func text(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e6 { return String(Int(value)) }
        return String(format: abs(value) >= 100 ? "%.0f" : abs(value) >= 10 ? "%.1f" : "%.2f", value)
    }
}

/// What the rounds gave, ours and the baseline's taken in turn.
struct Samples {
    var ours: [Double] = []
    var baseline: [Double] = []

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
