/// A decoder, and what it promises about any bytes at all.
///
/// The fuzzer feeds each target what it invents; the tests feed it what the fuzzer has kept.
struct FuzzTarget: Sendable {
    /// What the fuzzer, the corpus and `Tests/fuzz.sh` call it.
    let name: String
    /// Throws a `BrokenPromise`. To refuse the bytes is no broken promise.
    let check: @Sendable ([UInt8]) throws -> Void

    static let all = [
        FuzzTarget(name: "change", check: ChangeTarget.check),
        FuzzTarget(name: "frame", check: FrameTarget.check),
        FuzzTarget(name: "stream", check: StreamTarget.check),
        FuzzTarget(name: "bundle", check: BundleTarget.check),
        FuzzTarget(name: "text", check: TextTarget.check),
        FuzzTarget(name: "history", check: HistoryTarget.check),
        FuzzTarget(name: "fold", check: FoldTarget.check),
        FuzzTarget(name: "certificate", check: CertificateTarget.check),
        FuzzTarget(name: "request", check: RequestTarget.check),
        FuzzTarget(name: "link", check: LinkTarget.check),
        FuzzTarget(name: "submission", check: SubmissionTarget.check),
    ]

    /// nil for a name that no target has.
    static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// What a decoder did with some bytes and should not have done.
struct BrokenPromise: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Throws unless the promise is kept.
func promise(_ isKept: Bool, _ what: @autoclosure () -> String) throws {
    if !isKept { throw BrokenPromise(what()) }
}
