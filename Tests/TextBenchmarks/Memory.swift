import CMalloc
import Foundation

/// What the process holds.
enum Memory {
    static func resident() -> Int { status("VmRSS:") }

    static func peak() -> Int { status("VmHWM:") }

    /// In kB. By nothing but a few system calls: what a look at the memory takes would count as taken by what is
    /// looked at.
    private static func status(_ name: StaticString) -> Int {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { buffer in
            let file = open("/proc/self/status", O_RDONLY)
            guard file >= 0, let start = buffer.baseAddress else { return 0 }
            defer { close(file) }
            let count = read(file, start, buffer.count)
            let width = name.utf8CodeUnitCount
            var place = 0
            while place + width < count {
                if memcmp(start + place, name.utf8Start, width) == 0 {
                    return number(buffer[place + width..<count])
                }
                place += 1
            }
            return 0
        }
    }

    /// The first number there.
    private static func number(_ text: Slice<UnsafeMutableBufferPointer<UInt8>>) -> Int {
        var value: Int?
        for byte in text {
            let digit = Int(byte) - 0x30
            if (0...9).contains(digit) {
                value = (value ?? 0) * 10 + digit
            } else if let value {
                return value
            }
        }
        return value ?? 0
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
