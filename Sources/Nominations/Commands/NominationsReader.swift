public import ChangeLog
public import Merging

/// What commands and views need of a replica: one consistent view of it.
///
/// The view is what the person has on the screen: accepted changes up to its base, and the own ones on
/// their way. All methods throw what reading throws.
public protocol NominationsReader {
    /// Who uses this replica.
    var person: RecordID { get }
    /// The view itself.
    var base: Base { get }
    /// The wall clock, milliseconds since 1970 UTC.
    var nowMilliseconds: Int64 { get }
    /// SHA-256.
    var hash: HashFunction { get }

    /// The merged state of a record of this audience, removed or not; nil for an unknown one.
    func merged(_ record: RecordID, in audience: AudienceID) throws -> MergedRecord?
    /// The visible records of a kind in an audience, in rising order of id.
    func visible(_ kind: RecordKind, in audience: AudienceID) throws -> [MergedRecord]
    /// The audiences that the view holds whole, and those in which only own records stand yet; by name.
    func audiences() throws -> [AudienceID]
    /// The audience of a record; where an id stands in several, the first by name.
    func audience(of record: RecordID) throws -> AudienceID?
    /// Whose replica this is, by the roster; nil for the server's and for unknown ones.
    func person(of replica: ReplicaID) throws -> RecordID?
    /// Which device a replica is on, by the roster; nil where that is not known.
    func device(of replica: ReplicaID) throws -> RecordID?
    /// The hash of its author's chain in its audience with a change at its end; nil where it is not here.
    func chainHash(of change: ChangeID) throws -> ChangeHash?
}

extension NominationsReader {
    public func device(of replica: ReplicaID) throws -> RecordID? { nil }
    public func chainHash(of change: ChangeID) throws -> ChangeHash? { nil }
}
