import Synchronization

/// Lets the first values of a label through, and calls all further ones `other`: a label must never have
/// more values than a page has room for.
final class BoundedLabel: Sendable {
    private let limit: Int
    private let known = Mutex<Set<String>>([])

    init(limit: Int) { self.limit = limit }

    func value(_ text: String) -> String {
        known.withLock { known in
            if known.contains(text) { return text }
            guard known.count < limit else { return "other" }
            known.insert(text)
            return text
        }
    }
}
