import ChangeLog
import Cryptography
import SyncProtocol
import TransparencyLog

extension Replica {
    /// Does something that compares tree heads; where the server shows another past, finds out up to where it is the same,
    /// so that its administrator can be told how to go on.
    func comparingPasts<Result>(
        over connection: some FrameTransport, _ body: () async throws -> Result
    ) async throws -> Result {
        do { return try await body() } catch let error as ReplicaError where error.code.isAnotherPast {
            guard
                let fault = try await treeFaults().last(where: { $0.declared == nil && $0.code == error.code }
                )
            else { throw error }
            throw ReplicaError(fault.shared == nil ? try await measured(fault, over: connection) : fault)
        }
    }

    /// The same fault with how many leaves both pasts share; as it is where the server does not answer.
    private func measured(_ fault: TreeFault, over connection: some FrameTransport) async throws -> TreeFault
    {
        var fault = fault
        let heads = try await read { try TreeTable(db: $0.db).lineage() }
        // What goes on from a head goes on from all before it.
        var (low, high) = (0, heads.count)
        while low < high {
            let middle = (low + high) / 2
            guard let goesOn = try? await goesOn(from: heads[middle], over: connection) else { return fault }
            if goesOn { low = middle + 1 } else { high = middle }
        }
        let shared = low == 0 ? 0 : heads[low - 1].head.size
        fault.shared = shared
        let measured = fault
        try await write { try TreeTable(db: $0).note(shared: shared, in: measured) }
        return measured
    }

    /// Whether the server's tree begins with the one of a head that is known here.
    private func goesOn(from known: SignedTreeHead, over connection: some FrameTransport) async throws -> Bool
    {
        let key = identity.serverKey
        var answer: Bool?
        let opening: [Frame] = [.hello(try await hello()), .compare(known.head.size)]
        try await connection.converse("/push", sending: opening) { frame in
            switch frame {
            case .welcome: return true
            case .tree(let comparison):
                let shown = comparison.signed
                guard key.verify(shown.signature, over: shown.head.message) else { return false }
                let fault = TreeFault(
                    from: known, to: shown, path: comparison.path, found: 0, hash: Self.hash)
                answer = fault == nil
                return false
            case .refusal(let reason): throw ConnectionError(refusal: reason)
            default: return false
            }
        }
        guard let answer else {
            throw ConnectionError(.interrupted, "The answer ended before a tree", at: identity.address)
        }
        return answer
    }
}

extension ReplicaError.Code {
    fileprivate var isAnotherPast: Bool {
        [.treeShorter, .treeSplit, .treeRewritten].contains(self)
    }
}
