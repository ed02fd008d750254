// The fuzzer's way in: libFuzzer calls this with bytes of its own making, again and again. The variable
// FUZZ_TARGET names the target. Compiled by Tests/fuzz.sh, not by the package.
import Glibc

private let target: FuzzTarget = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget.named(name) else {
        print("FUZZ_TARGET is one of \(FuzzTarget.all.map(\.name).joined(separator: ", ")), not “\(name)”")
        exit(2)
    }
    return target
}()

@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.check(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
        print("\(target.name): \(error)")
        abort()
    }
    return 0
}
