/// What became of a text between two versions, for a screen on which somebody reviews it.
public struct TextComparison: Sendable {
    /// A stretch of text that one event inserted.
    public struct Segment: Sendable {
        /// What the newer version does with it.
        public enum Fate: Sendable {
            /// It stands in both versions.
            case kept
            /// Only the newer version has it.
            case inserted
            /// Only the older version has it.
            case deleted
        }

        /// What became of it.
        public let fate: Fate
        /// Its scalars.
        public let text: String
        /// Who inserted it.
        public let event: TextEventID
    }

    /// All that stands in either version, in the order of the document.
    public let segments: [Segment]
}

extension TextHistory {
    /// What differs between two versions, neither of which has to hold the other.
    /// - Throws: `unknownEvent`.
    public func comparison(from old: [TextEventID], to new: [TextEventID]) throws(TextError) -> TextComparison
    {
        let before = present(in: try version(of: old))
        let after = present(in: try version(of: new))
        var segments: [(fate: TextComparison.Segment.Fate, event: Int, bytes: [UInt8])] = []
        forEachRange { range in
            forEachStretch(of: range, in: before) { stretch, wasThere in
                forEachStretch(of: UInt32(stretch.lowerBound)..<UInt32(stretch.upperBound), in: after) {
                    part, isThere in
                    guard wasThere || isThere else { return }
                    let fate: TextComparison.Segment.Fate =
                        wasThere ? (isThere ? .kept : .deleted) : .inserted
                    forEachOrigin(of: part) { piece, event in
                        let bytes = log.scalars.bytes[log.scalars.offsets(of: piece)]
                        if let last = segments.last, last.fate == fate, last.event == event {
                            segments[segments.count - 1].bytes += bytes
                        } else {
                            segments.append((fate, event, Array(bytes)))
                        }
                    }
                }
            }
        }
        return TextComparison(
            segments: segments.map { segment in
                TextComparison.Segment(
                    fate: segment.fate, text: String(decoding: segment.bytes, as: UTF8.self),
                    event: graph.id(of: segment.event))
            })
    }

    /// Calls `body` with the parts of a range that are of one event each.
    func forEachOrigin(of range: Range<Int>, _ body: (Range<Int>, Int) -> Void) {
        var start = range.lowerBound
        while start < range.upperBound {
            let number = log.insertion(of: UInt32(start))
            let all = log.scalars(of: number)
            let origin = log.insertions[number].origin
            let end = origin.isStepwise ? start + 1 : min(all.upperBound, range.upperBound)
            body(start..<end, origin.event(at: start - all.lowerBound))
            start = end
        }
    }
}
