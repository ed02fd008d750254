import COpenSSL

/// The failures that libcrypto and libssl leave behind, a queue per thread.
///
/// A call that succeeds does not empty the queue, so a stale entry would be taken for the reason
/// of the next failure: clear before a call, drain at once after it failed, on the same thread.
package enum ErrorQueue {
    /// Forgets everything that earlier calls on this thread left.
    package static func clear() {
        ERR_clear_error()
    }

    /// Takes the reasons out of the queue, oldest first, in libcrypto's words.
    package static func drain() -> [String] {
        var reasons: [String] = []
        while case let code = ERR_get_error(), code != 0 {
            if let reason = ERR_reason_error_string(code) {
                reasons.append(String(cString: reason))
            } else {
                reasons.append("error 0x\(String(code, radix: 16))")
            }
        }
        return reasons
    }
}
