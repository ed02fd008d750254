import Foundation
import TextHistories

/// Small histories in great number, by the engine and by the papers; prints how many, and the first that differs.
///
///     histories random SECONDS SEED   as many as there is time for, from a seed on
///     histories one SEED              that one alone, and everything of it
///     histories every EVENTS AUTHORS  all there are of so many events, one letter each, in all orders of arrival
///     histories file FILE             those of a file in the published form, which tells what they come to
///     histories write COUNT SEED      so many in that form, from a seed on
@main
enum Histories {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let isSound: Bool
        switch arguments.first {
        case "random" where arguments.count == 3:
            isSound = random(Double(arguments[1]) ?? 1, UInt64(arguments[2]) ?? 1)
        case "one" where arguments.count == 2:
            isSound = check(UInt64(arguments[1]) ?? 1, asksAll: true)
        case "every" where arguments.count == 3:
            isSound = every(Int(arguments[1]) ?? 1, Int(arguments[2]) ?? 1)
        case "file" where arguments.count == 2:
            isSound = file(arguments[1])
        case "write" where arguments.count == 3:
            isSound = write(UInt64(arguments[1]) ?? 1, UInt64(arguments[2]) ?? 1)
        default:
            FileHandle.standardError.write(Data("usage: histories random|one|every|file|write …\n".utf8))
            exit(2)
        }
        exit(isSound ? 0 : 1)
    }

    private static func random(_ seconds: Double, _ first: UInt64) -> Bool {
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        var (seed, count) = (first, 0)
        repeat {
            for _ in 0..<256 {
                guard check(seed, count: &count) else { return false }
                seed &+= 1
            }
        } while ContinuousClock.now < end
        let time = Double((ContinuousClock.now - start) / .seconds(1))
        print(
            "\(count) histories of 3 to 12 events, \(seed &- first) of them whole, from seed \(first):",
            "\(Int(Double(count) / time)) a second")
        return true
    }

    private static func check(_ seed: UInt64, asksAll: Bool = false) -> Bool {
        var events = 0
        return check(seed, count: &events, asksAll: asksAll)
    }

    private static func check(_ seed: UInt64, count: inout Int, asksAll: Bool = false) -> Bool {
        var choices = RandomChoices(seed: seed)
        let history = SmallHistory(.random, &choices)
        count += history.events.count - 2
        func fault(_ history: SmallHistory, asksAll: Bool = true) -> String? {
            do {
                var check = HistoryCheck(history, choices)
                try check.run(asksAll: asksAll)
                return nil
            } catch {
                return "\(error)"
            }
        }
        guard let first = fault(history, asksAll: asksAll) else { return true }
        let small = history.shrunk { fault($0) != nil }
        print("seed \(seed): \(first)\nshrunk: \(fault(small) ?? first)\n\(small)")
        return false
    }

    private static func every(_ events: Int, _ authors: Int) -> Bool {
        let start = ContinuousClock.now
        var choices = EveryChoice()
        var count = 0
        let shape = SmallHistory.Shape(
            authors: authors...authors, events: events...events, isLifelike: false)
        repeat {
            let history = SmallHistory(shape, &choices)
            do {
                try HistoryCheck(history, choices).everyArrival()
            } catch {
                print("\(error)\n\(history)")
                return false
            }
            count += 1
        } while choices.advance()
        let time = (ContinuousClock.now - start) / .milliseconds(1)
        print(
            "all \(count) histories of \(events) letters by \(authors) authors, in all orders, in \(Int(time)) ms"
        )
        return true
    }

    private static func file(_ path: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: path) else {
            print("\(path) cannot be read")
            return false
        }
        let all = PublishedHistory.all(in: data)
        var passed = 0
        for (number, history) in all {
            do {
                let history = try history.get()
                if let (what, text) = try history.difference() {
                    print("line \(number), \(what): \"\(text)\"\n and not \"\(history.endContent)\"")
                } else {
                    passed += 1
                }
            } catch {
                print("line \(number): \(error)")
            }
        }
        print("\(passed) of \(all.count) histories come to the text that they tell")
        return passed == all.count && passed > 0
    }

    private static func write(_ count: UInt64, _ seed: UInt64) -> Bool {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for seed in seed..<seed + count {
            guard let line = try? encoder.encode(PublishedHistory(seed: seed)) else { return false }
            print(String(decoding: line, as: UTF8.self))
        }
        return true
    }
}
