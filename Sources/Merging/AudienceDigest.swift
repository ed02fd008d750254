public import ChangeLog

/// One hash over all records of an audience: equal on any two replicas that folded the same accepted
/// changes of it.
public enum AudienceDigest {
    /// The hash of 0x20 and, for each record by rising id, its id and the hash of its canonical bytes.
    ///
    /// - Parameter records: folds of accepted entries only, in any order.
    public static func digest(of records: some Sequence<MergedRecord>, hash: HashFunction) -> ChangeHash {
        digest(of: records.map { ($0.id, hash($0.canonicalBytes)) }, hash: hash)
    }

    /// The same from hashes that were kept.
    public static func digest(
        of records: some Sequence<(RecordID, ChangeHash)>, hash: HashFunction
    ) -> ChangeHash {
        var bytes: [UInt8] = [0x20]
        for (record, state) in records.sorted(by: { ($0.0, $0.1) < ($1.0, $1.1) }) {
            bytes += record.bytes
            bytes += state.bytes
        }
        return hash(bytes)
    }
}
