public import ChangeLog
import Cryptography
import GRDB
import SyncProtocol
import TransparencyLog

extension Replica {
    /// Asks the server for the receipt of a change that is here with its contents, and checks it.
    ///
    /// The head that it leads to is compared with those that were known, and remembered for good.
    ///
    /// - Throws: `ConnectionError`; `Reason` `receipt.unknown`; what `compare` and `Receipt.check` throw.
    public func receipt(of change: ChangeID, over connection: ServerConnection) async throws -> Receipt {
        let contents = try await read { try LogTable(db: $0.db).row(change)?.change }
        guard let contents else {
            throw ReceiptError(.nothing, "The contents of change \(change) are not here")
        }
        let (evidence, head) = try await evidence(of: change, over: connection, isLasting: true)
        let receipt = Receipt(
            change: contents, evidence: evidence, head: head, serverKey: identity.serverKey,
            association: identity.association)
        try receipt.check()
        return receipt
    }

    /// What the server shows of a change, and the signed head of the tree in which it does.
    ///
    /// - Parameter isLasting: whether that head is remembered for good.
    /// - Throws: as `receipt`, but nothing of the leaf was checked.
    func evidence(
        of change: ChangeID, over connection: some FrameTransport, isLasting: Bool = false
    ) async throws -> (ReceiptEvidence, SignedTreeHead) {
        let known = try await knownTree()
        var session = ReceiptSession(
            hello: try await hello(), known: known?.head.size ?? 0, change: change)
        var head: SignedTreeHead?
        var evidence: ReceiptEvidence?
        try await connection.converse("/push", sending: session.frames) { frame in
            switch session.receive(frame) {
            case .welcomed(let welcome): try await note(welcome: welcome)
            case .compared(let comparison):
                try await compare(comparison, with: known, isLasting: isLasting)
                head = comparison.signed
            case .proved(let proof): evidence = proof
            case .fail(let error): throw error
            case .refused(let reason):
                // It is about the change, not about this device.
                if reason.code == "receipt.unknown" { throw reason }
                throw ConnectionError(refusal: reason)
            }
            return evidence == nil
        }
        guard let head, let evidence else {
            throw ConnectionError(
                .interrupted, "The answer ended before the receipt", at: identity.address)
        }
        return (evidence, head)
    }

    /// Compares a receipt that was checked with what this replica knows: the server's key, the author's, and
    /// the tree heads that it has seen.
    ///
    /// - Returns: whether a head of just that size was seen here before; where none was, nothing can be
    ///   compared.
    /// - Throws: `ReceiptError` `server` or `author`; `ReplicaError` `treeSplit`, which is remembered.
    public func compare(_ receipt: Receipt) async throws -> Bool {
        guard receipt.serverKey == identity.serverKey else {
            throw ReceiptError(.server, "The receipt is of another server than that of this replica")
        }
        if let key = try await key(of: receipt.change.id.replica),
            key.subjectPublicKeyInfo != receipt.evidence.key
        {
            throw ReceiptError(
                .author, "The roster has another key for replica \(receipt.change.id.replica)")
        }
        let shown = receipt.head
        let found = environment.nowMilliseconds()
        let (known, fault) = try await write { db -> (SignedTreeHead?, TreeFault?) in
            let table = TreeTable(db: db)
            let known = try table.head(epoch: shown.head.epoch, size: shown.head.size)
            guard let known, known.head.root != shown.head.root else { return (known, nil) }
            let fault = TreeFault(known: known, shown: shown, found: found)
            try table.insert(fault)
            return (known, fault)
        }
        if let fault { throw ReplicaError(fault) }
        return known != nil
    }

    /// nil for a replica that the roster does not know here, which another person's receipt may be of.
    private func key(of replica: ReplicaID) async throws -> PublicKey? {
        let (serverKey, own) = (identity.serverKey, try key().publicKey)
        return try await read { reader in
            if replica == reader.identity.replica { return own }
            let table = RosterTable(db: reader.db)
            guard try table.device(of: replica, own: reader.identity) != nil else { return nil }
            return try table.key(of: replica, server: serverKey)
        }
    }
}
