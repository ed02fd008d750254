/// The hash of a change: H(2 ‖ previous ‖ H(1 ‖ envelope ‖ H(0 ‖ salt ‖ contents))).
///
/// `previous` is the hash of the replica's previous change in the same audience, zero for its first.
/// The contents stand behind a salted commitment, so that they can be erased later while every
/// chain stays whole. The byte in front keeps the three uses of the hash apart.
public enum Chain {
    public static func salt(of change: Change, hash: HashFunction) -> Identifier128 {
        switch change.salt {
        case .plain(let salt): return salt
        case .seed(let seed):
            let id = change.id
            return hash(
                [0x03] + seed.bytes + id.replica.bytes + id.number.bigEndianBytes
            ).prefix128
        }
    }

    public static func commitment(of change: Change, hash: HashFunction) -> ChangeHash {
        hash([0x00] + salt(of: change, hash: hash).bytes + change.contentBytes)
    }

    /// What a reader is given of a change that got no position, so that the chain can be walked.
    public static func inner(
        _ envelope: Envelope, commitment: ChangeHash, hash: HashFunction
    ) -> ChangeHash {
        hash([0x01] + envelope.canonicalBytes + commitment.bytes)
    }

    public static func link(
        previous: ChangeHash, inner: ChangeHash, hash: HashFunction
    ) -> ChangeHash {
        hash([0x02] + previous.bytes + inner.bytes)
    }

    public static func hash(
        of change: Change, previous: ChangeHash, hash: HashFunction
    ) -> ChangeHash {
        let commitment = commitment(of: change, hash: hash)
        return link(
            previous: previous, inner: inner(change.envelope, commitment: commitment, hash: hash),
            hash: hash)
    }
}
