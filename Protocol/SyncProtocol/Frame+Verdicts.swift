import ChangeLog

extension Frame {
    /// Verdicts in as many frames as they need, at least one: reasons can be long, and a frame is bounded.
    public static func verdicts(dividing entries: [VerdictEntry]) -> [Frame] {
        var frames: [Frame] = []
        var part: [VerdictEntry] = []
        var size = 0
        for entry in entries {
            var writer = ByteWriter()
            writer.put(entry)
            if part.count == ProtocolLimits.verdicts || size + writer.bytes.count > ProtocolLimits.batchBytes
            {
                frames.append(.verdicts(part))
                (part, size) = ([], 0)
            }
            part.append(entry)
            size += writer.bytes.count
        }
        return frames + [.verdicts(part)]
    }
}
