import ChangeLog
import Glibc
import SyncProtocol

/// The segments that are being fetched, in the folder of a replica: each in a file of its own, until it is applied.
struct SegmentFolder {
    let path: String

    /// The file of a segment of a lane; it need not be there.
    ///
    /// - Throws: `ReplicaError` where the folder cannot be made.
    func file(of segment: SegmentList.Segment, in lane: AudienceID) throws -> FetchedSegment {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Self.failure("make", path) }
        return FetchedSegment(
            path: path + "/" + Self.name(of: segment, in: lane), lane: lane, segment: segment)
    }

    private static func name(of segment: SegmentList.Segment, in lane: AudienceID) -> String {
        "\(lane.name)@\(segment.hash)"
    }

    /// Deletes all that none of these lists names: nothing will ask for it again.
    func keep(_ lists: [SegmentList]) throws {
        let named = lists.flatMap { list in list.segments.map { Self.name(of: $0, in: list.lane) } }
        try remove { !named.contains($0) }
    }

    /// Deletes what is here of audiences that may not be read any more.
    func remove(of audiences: [AudienceID]) throws {
        let beginnings = audiences.map { $0.name + "@" }
        try remove { name in beginnings.contains { name.hasPrefix($0) } }
    }

    private func remove(_ isMeant: (String) -> Bool) throws {
        guard let directory = opendir(path) else {
            if errno == ENOENT { return }
            throw Self.failure("read", path)
        }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != "..", isMeant(name) { try Self.delete(path + "/" + name) }
        }
    }

    static func delete(_ file: String) throws {
        guard unlink(file) == 0 || errno == ENOENT else { throw failure("delete", file) }
    }

    static func failure(_ verb: String, _ file: String) -> ReplicaError {
        let code = errno
        let kind: ReplicaError.Code =
            switch code {
            case ENOSPC, EDQUOT: .diskFull
            case EACCES, EPERM: .notWritable
            default: .storage
            }
        return ReplicaError(
            kind, "The system could not \(verb) \(file): \(String(cString: strerror(code)))", at: file)
    }
}
