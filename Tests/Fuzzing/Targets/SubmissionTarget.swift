import ChangeLog
import Nominations

/// What an organisation submits, read by every reviewer: a value of that form is one content only.
enum SubmissionTarget {
    static func check(_ bytes: [UInt8]) throws {
        let value: Value
        do {
            value = try Value(canonicalBytes: bytes)
        } catch {
            return
        }
        try promise(value.canonicalBytes == bytes, "a value is written in other bytes than it was read from")
        guard let content = SubmissionContent(value) else { return }
        try promise(content.value.canonicalBytes == bytes, "a content is written in other bytes")
        try promise(SubmissionContent(content.value) == content, "a content reads back as another")
        try promise(content.says(theSameAs: content), "a content says something else than itself")
    }
}
