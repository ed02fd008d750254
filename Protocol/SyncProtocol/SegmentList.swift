public import ChangeLog

/// The files in which the next stretch of a lane is to be fetched, one behind the other.
public struct SegmentList: Hashable, Sendable {
    /// One file: the frames `deliver` of the lane from where the one before ends.
    public struct Segment: Hashable, Sendable {
        /// Where the lane stands when all of it is applied.
        public var through: Position
        /// Bytes.
        public var size: UInt64
        /// SHA-256 of its bytes, and its name.
        public var hash: ChangeHash

        public init(through: Position, size: UInt64, hash: ChangeHash) {
            self.through = through
            self.size = size
            self.hash = hash
        }
    }

    public var lane: AudienceID
    public var segments: [Segment]

    public init(lane: AudienceID, segments: [Segment]) {
        self.lane = lane
        self.segments = segments
    }
}

extension ByteWriter {
    mutating func put(_ list: SegmentList) {
        put(name: list.lane.name)
        put(varint: UInt64(list.segments.count))
        for segment in list.segments {
            put(varint: segment.through.value)
            put(varint: segment.size)
            put(bytes: segment.hash.bytes)
        }
    }
}

extension ByteReader {
    mutating func segments() throws(ChangeLogError) -> SegmentList {
        var list = SegmentList(lane: try audience(), segments: [])
        for _ in 0..<(try count(limit: ProtocolLimits.segments)) {
            let start = offset
            let next = SegmentList.Segment(
                through: Position(try varint()), size: try varint(), hash: try hash())
            if let last = list.segments.last, next.through <= last.through {
                throw ChangeLogError(.malformed, "segments out of order", offset: start)
            }
            guard next.size <= UInt64(ProtocolLimits.segmentBytes) else {
                throw ChangeLogError(.tooLarge, "a segment of \(next.size) bytes", offset: start)
            }
            list.segments.append(next)
        }
        return list
    }
}
