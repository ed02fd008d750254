import ChangeLog

/// A change in canonical form: what can be read is written again in the same bytes, alone and in its parts.
enum ChangeTarget {
    static func check(_ bytes: [UInt8]) throws {
        let change: Change
        do {
            change = try Change(canonicalBytes: bytes)
        } catch {
            return
        }
        try promise(change.canonicalBytes == bytes, "a change is written in other bytes")
        let envelope = change.envelope.canonicalBytes
        try promise(
            try Envelope(canonicalBytes: envelope) == change.envelope, "an envelope reads back as another")
        for operation in change.operations {
            guard case .write(_, _, _, let value) = operation else { continue }
            let again = try Value(canonicalBytes: value.canonicalBytes)
            try promise(again == value, "a value reads back as another")
        }
    }
}
