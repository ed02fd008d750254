/// The hash of a change: H(2 ‖ previous ‖ H(1 ‖ envelope ‖ H(0 ‖ salt ‖ contents))).
///
/// `previous` is the hash of the replica's previous change in the same audience, zero for its first.
/// The contents stand behind a salted commitment, so that they can be erased later while every
/// chain stays whole. The byte in front keeps the three uses of the hash apart.
public enum Chain {
    /// What blinds the commitment of a change, whatever it derives from; nil of an erased one.
    public static func salt(of change: Change, hash: HashFunction) -> Identifier128? {
        switch change.salt {
        case .plain(let salt): salt
        case .seed(let seed): salt(of: change.id, seed: seed, hash: hash)
        case .erased: nil
        }
    }

    private static func salt(of id: ChangeID, seed: Identifier128, hash: HashFunction) -> Identifier128 {
        hash([0x03] + seed.bytes + id.replica.bytes + id.number.bigEndianBytes).prefix128
    }

    /// The change with its salt by itself: a seed would open the other changes of its push as well.
    public static func apart(_ change: Change, hash: HashFunction) -> Change {
        guard case .seed(let seed) = change.salt else { return change }
        var change = change
        change.salt = .plain(salt(of: change.id, seed: seed, hash: hash))
        return change
    }

    public static func commitment(of change: Change, hash: HashFunction) -> ChangeHash {
        if case .erased(let commitment) = change.salt { return commitment }
        let salt = salt(of: change, hash: hash)?.bytes ?? []
        return hash([0x00] + salt + change.contentBytes)
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
