import Foundation
import Glibc

/// The clocks of this machine, in seconds.
enum Stopwatch {
    static var elapsed: Double { seconds(CLOCK_MONOTONIC) }
    /// Processor time of the calling thread.
    static var thread: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// What Linux says about the memory of a process.
enum ProcessMemory {
    /// The most that this process ever held, MB (VmHWM).
    static func peak() throws -> Double { try kilobytes("VmHWM:", in: "/proc/self/status") / 1000 }

    /// Its share of what is in memory, kB (Pss).
    static func share(of process: Int32) throws -> Double {
        try kilobytes("Pss:", in: "/proc/\(process)/smaps_rollup")
    }

    private static func kilobytes(_ name: String, in path: String) throws -> Double {
        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            let words = line.split(separator: " ")
            // The kernel's kB are KiB.
            if words.count > 1, let value = Double(words[1]) { return value * 1.024 }
        }
        throw BenchmarkError("\(path) does not tell \(name)")
    }
}

enum ProcessTime {
    /// What a process has spent in its own code, ms.
    static func user(of process: Int32) throws -> Double {
        let text = try String(contentsOf: URL(filePath: "/proc/\(process)/stat"), encoding: .utf8)
        // Behind the name in brackets, which may hold anything.
        let words = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard words.count > 11, let ticks = Double(words[11]) else {
            throw BenchmarkError("/proc/\(process)/stat does not tell the time")
        }
        return ticks * 1000 / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}

/// Why something could not be measured.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
