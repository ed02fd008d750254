import ChangeLog

/// How the judge of a change says no; never leaves it.
struct Refusal: Error {
    let reason: Reason
    /// Whether it is about the author's own affairs alone.
    private(set) var isOwn = false

    init(_ code: MessageCode) { reason = Reason(code) }

    /// The same, which tells its author nothing about others.
    var own: Refusal {
        var own = self
        own.isOwn = true
        return own
    }
}

extension Reason {
    /// The reason of this code in English, as everything that is stored.
    init(_ code: MessageCode) {
        let wording = code.wording(.english)
        self.init(code: code.rawValue, message: wording.message, remedy: wording.remedy)
    }
}
