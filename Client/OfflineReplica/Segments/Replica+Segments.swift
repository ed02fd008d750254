import ChangeLog
import SyncProtocol

extension Replica {
    var segments: SegmentFolder { SegmentFolder(path: folder + "/segments") }

    /// Fetches what the server has named instead of delivering it, and applies it frame by frame. While one is applied,
    /// the next one is fetched.
    ///
    /// It goes on at the byte and at the frame where an earlier exchange stopped. What turns out to be another thing
    /// than the server named, or than a lane may bring, is deleted and told in the report.
    ///
    /// - Returns: whether it brought the lanes on, so that more may come in this way; otherwise they have to come as
    ///   they are.
    /// - Throws: `ConnectionError`; `ReplicaError` of the disk, and `outOfOrder` where another program was first.
    func take(
        _ lists: [SegmentList], over transport: any SegmentTransport, into report: inout ExchangeReport
    ) async throws -> Bool {
        try segments.keep(lists)
        let files = try lists.flatMap { list in
            try list.segments.map { try segments.file(of: $0, in: list.lane) }
        }
        var received = 0
        defer { report.received += received }
        do {
            return try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask { try await Self.fetch(files[0], over: transport) }
                for index in files.indices {
                    guard try await group.next() == true else { return false }
                    if index + 1 < files.count {
                        let next = files[index + 1]
                        group.addTask { try await Self.fetch(next, over: transport) }
                    }
                    received += try await apply(files[index])
                }
                // Otherwise another program was first, and who names the same again would be asked for ever.
                return received > 0
            }
        } catch let error as ReplicaError where error.code == .evidence {
            report.segmentFault = ReplicaError(.segment, error.message, at: error.place)
        } catch let error as ProtocolError {
            report.segmentFault = ReplicaError(.segment, error.message)
        } catch let error as ConnectionError where error.code == .unexpected {
            // Something on the way may let no files through.
            report.segmentFault = ReplicaError(.segment, error.message, at: error.place)
        }
        // Whatever it was, it is not believed any more; what is true comes in the lane.
        try segments.keep([])
        return false
    }

    /// Completes a file, once more from the beginning where it turns out to be damaged.
    ///
    /// - Returns: false where the server does not have it for this device.
    private static func fetch(
        _ file: FetchedSegment, over transport: any SegmentTransport
    ) async throws -> Bool {
        for attempt in 1...2 {
            let count = try file.count()
            if UInt64(count) < file.segment.size {
                let isThere = try await transport.fetch(file.segment.hash, from: count) { bytes, offset in
                    try file.append(bytes, at: offset)
                }
                guard isThere else { return false }
                guard try UInt64(file.count()) == file.segment.size else {
                    throw ConnectionError(.interrupted, "A segment of \(file.lane) ended early")
                }
            }
            if try file.isSound() { return true }
            try file.delete()
            if attempt == 2 { break }
        }
        throw ReplicaError(
            .evidence, "segment \(file.segment.hash) of \(file.lane) is not what its name says")
    }

    /// - Returns: how many changes came in.
    private func apply(_ file: FetchedSegment) async throws -> Int {
        let lane = file.lane
        let held = try await reading { try AudienceTable(db: $0).held(lane) }
        var received = 0
        if let held {
            var session = SegmentSession(lane: lane, have: held.have, through: file.segment.through)
            try await file.frames { frame in
                switch session.receive(frame) {
                case .apply(let delivery): received += try await apply(delivery).received
                case .pass: break
                case .fail(let error): throw error
                }
            }
            if let error = session.end() { throw error }
        }
        try file.delete()
        return received
    }
}
