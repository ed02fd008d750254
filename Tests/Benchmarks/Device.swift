import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol
import SyncServer

/// A device as the server sees it: it numbers its changes, chains them, and signs.
final class Device {
    let key: PrivateKey
    let certificate: Certificate
    let replica: ReplicaID
    let enrolled: EnrolledDevice
    /// What its person writes in.
    let audience: AudienceID
    private var number: UInt64 = 0
    private var tip = ChangeHash.zero
    private var milliseconds: Int64

    init(
        key: PrivateKey, certificate: Certificate, replica: ReplicaID, enrolled: EnrolledDevice,
        audience: AudienceID, milliseconds: Int64
    ) {
        self.key = key
        self.certificate = certificate
        self.replica = replica
        self.enrolled = enrolled
        self.audience = audience
        self.milliseconds = milliseconds
    }

    var identity: DeviceIdentity {
        DeviceIdentity(device: enrolled.device, person: enrolled.person, publicKey: key.publicKey)
    }

    /// One push of changes, each of these operations, on the view of everything up to `seen`.
    func batch(_ changes: [[Operation]], seen: Position, seed: Identifier128) throws -> Batch {
        var entries: [BatchEntry] = []
        for operations in changes {
            number += 1
            // People type: one edit in ten seconds.
            milliseconds += 10_000
            let envelope = Envelope(
                id: ChangeID(replica: replica, number: number),
                base: Base(epoch: enrolled.epoch, position: seen, own: number - 1),
                time: HybridTime(milliseconds: milliseconds), audience: audience, schema: 1)
            let entry = BatchEntry(
                envelope: envelope, body: .contents(.seed(seed), operations),
                previous: entries.isEmpty ? tip : nil)
            tip = Chain.link(previous: tip, inner: entry.inner(hash: Replica.hash), hash: Replica.hash)
            entries.append(entry)
        }
        let head = SignedHead(
            replica: replica, audience: audience, links: [], signature: try key.sign(SignedHead.message(tip)))
        return Batch(entries: entries, heads: [head])
    }
}
