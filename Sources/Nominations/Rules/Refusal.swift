import ChangeLog

/// How the judge of a change says no; never leaves it.
struct Refusal: Error {
    let reason: Reason

    init(_ code: MessageCode) { reason = Reason(code) }
}

extension Reason {
    /// The reason of this code in English, as everything that is stored.
    init(_ code: MessageCode) {
        let wording = code.wording(.english)
        self.init(code: code.rawValue, message: wording.message, remedy: wording.remedy)
    }
}
