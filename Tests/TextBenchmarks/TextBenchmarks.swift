import Foundation
import TextCRDT

/// Measures of the text engine, one a process, each printing a line of JSON; `bench.py` runs them in turns with
/// the peers.
@main
enum TextBenchmarks {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let command = arguments.first else { throw Trace.Failure(message: "no measure is named") }
        let result =
            switch command {
            case "prepare": try prepare(arguments[1], arguments[2])
            case "merge": try merge(arguments[1])
            case "open": try open(arguments[1], arguments[2])
            case "peak": try peak(arguments[1])
            case "local": try local(arguments[1])
            case "many": try many()
            case "repeat": try again(arguments[1], arguments[2])
            default: throw Trace.Failure(message: "no measure is called \(command)")
            }
        let data = try JSONSerialization.data(withJSONObject: result, options: [.sortedKeys])
        print(String(decoding: data, as: UTF8.self))
    }

    /// Writes the files of a trace, and tells their sizes and those of its edits.
    private static func prepare(_ path: String, _ out: String) throws -> [String: Any] {
        let trace = try Trace(path)
        var sizes: [Int] = []
        let start = ContinuousClock.now
        let history = try trace.history { edit, history in sizes.append(edit.encoded(in: history).count) }
        let replay = ContinuousClock.now - start
        var options = TextHistory.EncodingOptions()
        let full = history.encoded(options)
        options.keepsDeletedText = false
        let trimmed = history.encoded(options)
        options = TextHistory.EncodingOptions()
        options.cachesText = true
        let cached = history.encoded(options)
        options = TextHistory.EncodingOptions()
        options.isCompressed = false
        let plain = history.encoded(options)
        for (name, bytes) in [("full", full), ("trimmed", trimmed), ("cached", cached), ("plain", plain)] {
            try Data(bytes).write(to: URL(fileURLWithPath: "\(out).\(name)"))
        }
        try Data(history.text.utf8).write(to: URL(fileURLWithPath: "\(out).txt"))
        return [
            "isRight": trace.endContent.map { $0.utf8.elementsEqual(history.text.utf8) } ?? true,
            "full": full.count, "plain": plain.count, "trimmed": trimmed.count, "cached": cached.count,
            "updateMedian": median(sizes.map(Double.init)), "updateTotal": sizes.reduce(0, +),
            "replayMs": replay.milliseconds, "isSequential": trace.isSequential,
        ]
    }

    private static func merge(_ path: String) throws -> [String: Any] {
        let bytes = try Bytes.read(path)
        let reading = try rounds(21) { try TextHistory(encoded: bytes).contains(Trace.none) }
        let whole = try rounds(21) { try TextHistory(encoded: bytes).text.utf8.count }
        return ["ms": whole, "readingMs": reading]
    }

    /// Merges a file so many times, for a look with `perf`, which counts what a busy machine does not change.
    private static func again(_ path: String, _ times: String) throws -> [String: Any] {
        let bytes = try Bytes.read(path)
        var length = 0
        for _ in 0..<(Int(times) ?? 1) { length = try TextHistory(encoded: bytes).text.utf8.count }
        return ["length": length]
    }

    private static func open(_ path: String, _ plain: String) throws -> [String: Any] {
        let cached = try rounds(51) {
            guard let text = try TextHistory.cachedText(in: try Bytes.read(path)) else {
                throw Trace.Failure(message: "no text in front")
            }
            return text.utf8.count
        }
        let raw = try rounds(51) { String(validating: try Bytes.read(plain), as: UTF8.self)?.utf8.count ?? 0 }
        return ["ms": cached, "plainMs": raw]
    }

    /// How much the resident memory grows at most while a file is merged and its text read.
    private static func peak(_ path: String) throws -> [String: Any] {
        let bytes = try Bytes.read(path)
        // The code itself is to be there already, on both sides.
        var small = Text(agent: Trace.agent(0))
        try small.insert("é", atScalar: 0)
        _ = try TextHistory(encoded: small.encoded()).text
        let before = Memory.resident()
        let history = try TextHistory(encoded: bytes)
        let length = history.text.utf8.count
        return ["kB": Memory.peak() - before, "length": length]
    }

    /// Every edit of a trace by one author, as he makes it.
    private static func local(_ path: String) throws -> [String: Any] {
        let trace = try Trace(path)
        let patches = trace.transactions.flatMap(\.patches)
        let time = try rounds(5) {
            var text = Text(agent: Trace.agent(0))
            for (place, count, inserted) in patches {
                if count > 0 { try text.delete(scalars: place..<place + count) }
                if !inserted.isEmpty { try text.insert(inserted, atScalar: place) }
            }
            return text.version.count
        }
        return ["nsPerEdit": time * 1e6 / Double(patches.count)]
    }

    /// 10,260 texts of 200 characters that three people wrote at once, each merged from three sides.
    private static func many() throws -> [String: Any] {
        let count = 10_260
        let words = "Zij zet zich al twintig jaar in voor de buurt, elke dag weer opnieuw. ".unicodeScalars
        var files: [[[UInt8]]] = []
        for number in 0..<count {
            var base = Text(agent: Trace.agent(0))
            try base.insert(
                String(String.UnicodeScalarView(words.prefix(65))) + "\(number % 10)", atScalar: 0)
            files.append(
                try (0..<3).map { author in
                    var text = Text(agent: Trace.agent(author), history: base.history)
                    try text.insert(String(String.UnicodeScalarView(words.prefix(45))), atScalar: 20 * author)
                    return text.encoded()
                })
        }
        let before = Memory.allocated()
        var merged: [TextHistory] = []
        merged.reserveCapacity(count)
        let start = ContinuousClock.now
        for sides in files {
            var history = try TextHistory(encoded: sides[0])
            for side in sides.dropFirst() { try history.merge(side) }
            merged.append(history)
        }
        let time = ContinuousClock.now - start
        let open = Double(Memory.allocated() - before) / Double(count)
        // At rest a text is its bytes, with what is shown of it in front.
        var options = TextHistory.EncodingOptions()
        options.cachesText = true
        let between = Memory.allocated()
        let resting = merged.map { $0.encoded(options) }
        let rest = Double(Memory.allocated() - between) / Double(count)
        var length = 0
        for bytes in resting { length += try TextHistory.cachedText(in: bytes)?.unicodeScalars.count ?? 0 }
        return [
            "ms": time.milliseconds, "bytesOpen": open, "bytesAtRest": rest, "meanLength": length / count,
        ]
    }

    /// The median of so many rounds, in milliseconds.
    private static func rounds(_ count: Int, _ body: () throws -> some Any) rethrows -> Double {
        var times: [Double] = []
        // A process that has just begun is slow.
        let warm = ContinuousClock.now + .milliseconds(300)
        while ContinuousClock.now < warm { _ = try body() }
        for _ in 0..<count {
            let start = ContinuousClock.now
            _ = try body()
            times.append((ContinuousClock.now - start).milliseconds)
        }
        return median(times)
    }

    private static func median(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }
}

extension Duration {
    var milliseconds: Double {
        Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
    }
}

extension Trace {
    /// An event that no trace has.
    static var none: TextEventID { TextEventID(agent: TextAgent(high: 0, low: 0), sequence: 0) }
}
