import ChangeLog
import Merging
import Nominations
import OfflineReplica

/// The replica as the domain's commands and views read it: one consistent moment.
struct ReplicaView: NominationsReader {
    let reader: ReplicaReader
    let view: View
    /// The moment at which it is read by this machine's clock, milliseconds since 1970 UTC.
    let localMilliseconds: Int64
    /// The same by the server's clock, as far as it was heard: what closes, closes there.
    let nowMilliseconds: Int64

    init(_ reader: ReplicaReader, localMilliseconds: Int64) throws {
        self.reader = reader
        self.localMilliseconds = localMilliseconds
        nowMilliseconds = try reader.serverMilliseconds(at: localMilliseconds)
        view = try reader.view()
    }

    var person: RecordID { reader.identity.person }
    var base: Base { Base(epoch: view.epoch, position: view.cursor, own: view.own) }
    var hash: HashFunction { Replica.hash }

    func merged(_ record: RecordID, in audience: AudienceID) throws -> MergedRecord? {
        try reader.merged(record, in: audience)
    }

    func visible(_ kind: RecordKind, in audience: AudienceID) throws -> [MergedRecord] {
        try reader.summaries(of: kind, in: audience).compactMap { summary in
            try reader.merged(summary.record, in: audience)
        }.filter(\.isVisible)
    }

    func audiences() throws -> [AudienceID] { try reader.visibleAudiences() }

    func audience(of record: RecordID) throws -> AudienceID? {
        let audiences = try reader.audiences(of: record)
        guard audiences.count > 1 else { return audiences.first }
        // Whoever chooses an id may write under that of another record, where he may write.
        return try audiences.min { left, right in
            let (one, other) = (try precedence(of: record, in: left), try precedence(of: record, in: right))
            return one == other ? left < right : one < other
        }
    }

    /// An id that follows from a natural key belongs where the key stands; else the narrower circle of writers goes
    /// first.
    private func precedence(of record: RecordID, in audience: AudienceID) throws -> Int {
        if try merged(record, in: audience)?.creation?.key != nil { return 0 }
        return switch Audience(audience) {
        case .everyone: 1
        case .panel: 2
        case .review: 3
        case .nomination: 4
        case .organisation: 5
        case .jury: 6
        case .workgroup: 7
        case .person: 8
        case nil: 9
        }
    }

    func chainHash(of change: ChangeID) throws -> ChangeHash? { try reader.chainHash(of: change) }

    func person(of replica: ReplicaID) throws -> RecordID? { try reader.person(of: replica) }
    func device(of replica: ReplicaID) throws -> RecordID? { try reader.author(of: replica)?.device }
}

extension ReplicaReader {
    /// Whole audiences, and those in which only own records stand yet; by name.
    func visibleAudiences() throws -> [AudienceID] {
        let granted = try audiences()
        let staging = Set(granted.filter { !$0.isComplete }.map(\.audience))
        let own = try pending().map(\.audience).filter { !staging.contains($0) }
        return Set(granted.filter(\.isComplete).map(\.audience) + own).sorted()
    }
}
