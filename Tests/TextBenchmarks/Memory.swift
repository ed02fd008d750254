import CMalloc
import Foundation

/// What the process holds.
enum Memory {
    static func resident() -> Int { status("VmRSS") }

    static func peak() -> Int { status("VmHWM") }

    /// In kB.
    private static func status(_ name: String) -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
        for line in text.split(separator: "\n") where line.hasPrefix(name + ":") {
            return Int(line.split(separator: " ").dropLast().last ?? "") ?? 0
        }
        return 0
    }

    /// Bytes that were asked for and not given back.
    static func allocated() -> Int {
        let info = mallinfo2()
        return Int(info.uordblks) + Int(info.hblkhd)
    }
}

/// A file as bytes, by the shortest way.
enum Bytes {
    static func read(_ path: String) throws -> [UInt8] {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { throw Trace.Failure(message: "\(path) cannot be read") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Trace.Failure(message: "\(path) has no size") }
        let size = Int(status.st_size)
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Glibc.read(file, buffer.baseAddress?.advanced(by: count), size - count)
                if got <= 0 { break }
                count += got
            }
        }
    }
}
